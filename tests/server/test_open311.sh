#!/usr/bin/env bash
# Open311 GeoReport v2 at a live server: every call in XML and JSON against schemas written from the specification,
# the habits of clients, refusals, and that nothing personal comes out.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"
kit=$JIBAN_TOP_SRCDIR/tests/server/open311
check() { python3 "$kit/check.py" "$@" 2>&1; }
command -v xmllint >xmllint.txt || { echo "Bail out! xmllint is missing (Debian package libxml2-utils)" && exit 1; }

"$jiband" init --db sqlite:office.db && key=$("$jiband" key --db sqlite:office.db add probe --contact 'probe@example') &&
    spent=$("$jiband" key --db sqlite:office.db add spent) && shut=$("$jiband" key --db sqlite:office.db add shut) || exit 1
serve office.db
base=$url/open311/v2

is() { if [ "$2" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "$3 instead of $2"; fi; }
# call FILE PATH CURL-ARGUMENT...: leaves the status in code and the content type in kind
call() {
    local file=$1 path=$2 said
    shift 2
    said=$(curl -s -g -o "$file" -w '%{http_code} %{content_type}' "$@" "$base$path")
    code=${said%% *} kind=${said#* }
}
# both NAME SCHEMA STATUS PATH CURL-ARGUMENT...: PATH holds FORMAT where the ending or the format stands
both() {
    local name=$1 schema=$2 status=$3 path=$4 complaint=''
    shift 4
    call answer.xml "${path/FORMAT/xml}" "$@"
    [ "$code" = "$status" ] || complaint+="XML: status $code instead of $status"$'\n'
    [ "$kind" = "text/xml; charset=utf-8" ] || complaint+="XML: $kind"$'\n'
    [ "$(head -n 1 answer.xml)" = '<?xml version="1.0" encoding="UTF-8"?>' ] || complaint+="no declaration"$'\n'
    xmllint --noout --schema "$kit/$schema.xsd" answer.xml 2>xmllint.txt || complaint+=$(cat xmllint.txt)$'\n'
    call answer.json "${path/FORMAT/json}" "$@"
    [ "$code" = "$status" ] || complaint+="JSON: status $code instead of $status"$'\n'
    [ "$kind" = "application/json; charset=utf-8" ] || complaint+="JSON: $kind"$'\n'
    # a second may pass between the two calls
    sed -i 's/try again in [0-9]* seconds/try again in N seconds/' answer.xml answer.json
    complaint+=$(check schema "$kit/schemas.json" "$schema" answer.json)
    complaint+=$(check same answer.xml answer.json)
    tap_empty "$name" "$(grep . <<<"$complaint")"
}
# refused NAME STATUS TEXT PATH ...: an error list in both formats that says TEXT
refused() {
    both "$1" errors "$2" "${@:4}"
    if grep -qF -- "$3" answer.xml; then tap_ok "$1: says why"; else tap_not_ok "$1: says why" "$(cat answer.xml)"; fi
}
post() { # FILE FIELD...: one request; sets code
    local file=$1 field data=()
    shift
    for field in "$@"; do data+=(--data-urlencode "$field"); done
    call "$file" "${path:-/requests.json}" --data-urlencode "api_key=$key" "${data[@]}"
}
id_of() { check get "$1" 0 service_request_id; }
count() { "$sql" office.db "SELECT count(*) FROM cases"; }

# ---- what needs no key ----------------------------------------------------------------------------------
both "discovery" discovery 200 /discovery.FORMAT
is "a production endpoint" production "$(check get answer.json endpoints 0 type)"
is "and one for tests" test "$(check get answer.json endpoints 1 type)"
is "the address is the one the client used" "$base" "$(check get answer.json endpoints 0 url)"
call answer.json /discovery.json -H 'Host: city.example' -H 'X-Forwarded-Proto: https'
is "behind TLS too" https://city.example/open311/v2 "$(check get answer.json endpoints 0 url)"
both "services" services 200 /services.FORMAT
is "every category is a service" "$(grep -cE '^[0-9]{4}' "$JIBAN_TOP_SRCDIR/data/categories.tsv")" "$(grep -o '<service>' answer.xml | wc -l)"
both "service definition" service_definition 200 /services/H-0101.FORMAT
refused "no such service" 404 service_code /services/0101.FORMAT
both "no requests yet" service_requests 200 /requests.FORMAT
is "none is an empty array" '[]' "$(cat answer.json)"
refused "no such request" 404 service_request_id /requests/261125-9.FORMAT
refused "no such token" 404 token /tokens/261125-9.FORMAT
refused "no such address" 404 'nothing at this address' /nothing.FORMAT
refused "not with this method" 405 'method' /requests.FORMAT -X PUT
refused "an escape in the path" 404 'nothing at this address' /services/H%2D0101.FORMAT
call answer.txt /requests
is "a path without an ending: XML" '404 text/xml; charset=utf-8' "$code $kind"
head -c 5000000 /dev/zero | tr '\0' a >large
refused "a body that is too large" 413 '4 MiB' /requests.FORMAT --data-binary @large
refused "an address that is too long" 414 '2,048' "/requests.FORMAT?a=$(head -c 3000 large)"
refused "a wrong time" 400 start_date '/requests.FORMAT?start_date=yesterday'
refused "a wrong status" 400 'open, closed' '/requests.FORMAT?status=open,lost'
refused "a wrong page" 400 page_size '/requests.FORMAT?page_size=1001'

# ---- the key ---------------------------------------------------------------------------------------------
good=(-d service_code=H-0101 -d 'attribute[street]=S-1101' -d lat=39.9 -d long=116.4)
refused "no key" 403 api_key /requests.FORMAT "${good[@]}"
refused "a wrong key" 403 'not valid' /requests.FORMAT "${good[@]}" -d api_key=guess
"$jiband" key --db sqlite:office.db disable shut
refused "a key that was shut" 403 'not valid' /requests.FORMAT "${good[@]}" -d "api_key=$shut"
"$sql" office.db "UPDATE api_keys SET used = 1000, hour = $(($(date +%s) - 60))000 WHERE name = 'spent'"
refused "a key that is used up" 403 'limit' /requests.FORMAT "${good[@]}" -d "api_key=$spent"
if curl -s -D - -o answer.xml "${good[@]}" -d "api_key=$spent" "$base/requests.xml" | grep -qE '^Retry-After: [0-9]+'; then
    tap_ok "it says when to try again"
else tap_not_ok "it says when to try again"; fi
"$sql" office.db "UPDATE api_keys SET hour = hour - 3600001 WHERE name = 'spent'"
call answer.xml /requests.xml "${good[@]}" -d "api_key=$spent" -d 'description=an hour later'
is "an hour later it may post again" 200 "$code"
is "the store has no key, only hashes" 0 "$("$sql" office.db "SELECT * FROM api_keys" | grep -cF -e "$key")"
is "a key is listed, never shown again" 'probe probe@example' "$("$jiband" key --db sqlite:office.db list | awk -F'\t' '$1 == "probe" { print $1, $2 }')"
"$jiband" key --db sqlite:office.db add probe >out.txt 2>&1
is "a name has one key" 73 "$?"

# ---- posting -----------------------------------------------------------------------------------------------
refused "several faults are one list" 400 'lat and long belong together' /requests.FORMAT -d "api_key=$key" -d lat=39.9
is "each has an entry" 3 "$(grep -o '<error>' answer.xml | wc -l)"
refused "no such service code" 404 service_code /requests.FORMAT -d "api_key=$key" -d service_code=H-9999 -d 'attribute[street]=S-1101' -d lat=1 -d long=1
refused "no place" 400 'place is needed' /requests.FORMAT -d "api_key=$key" -d service_code=H-0101 -d 'attribute[street]=S-1101'
refused "lat that is none" 400 'WGS84' /requests.FORMAT -d "api_key=$key" -d service_code=H-0101 -d 'attribute[street]=S-1101' -d lat=91 -d long=nan
refused "a street that cannot be found" 400 'attribute[street] is missing' /requests.FORMAT -d "api_key=$key" -d service_code=H-0101 -d lat=39.9 -d long=116.4
refused "a street that is none" 400 'attribute[street] is none' /requests.FORMAT -d "api_key=$key" -d service_code=H-0101 -d 'attribute[street]=S-9' -d lat=39.9 -d long=116.4
head -c 4001 large >long
refused "a description that is too long" 400 '4000' /requests.FORMAT "${good[@]}" -d "api_key=$key" --data-urlencode description@long
refused "text that is not UTF-8" 400 'UTF-8' /requests.FORMAT "${good[@]}" -d "api_key=$key" -d 'description=%ff%fe'
refused "another content type" 400 'multipart' /requests.FORMAT -H 'Content-Type: text/plain' -d x
refused "a form that is cut" 400 'cut' /requests.FORMAT -H 'Content-Type: multipart/form-data; boundary=x' -d 'x'
before=$(count)
both "a request is made" posted 200 /requests.FORMAT "${good[@]}" -d "api_key=$key" -d 'description=%E6%9A%96%E6%B0%94%E4%B8%8D%E7%83%AD'
is "the same post again is the same request, once in XML and once in JSON" $((before + 1)) "$(count)"
first=$(id_of answer.json)
both "by its number" service_requests 200 "/requests/$first.FORMAT"
is "what was written" 暖气不热 "$(check get answer.json 0 description)"
both "by its token" token 200 "/tokens/$first.FORMAT"
both "in the list" service_requests 200 /requests.FORMAT
both "with extensions" service_requests 200 '/requests.FORMAT?extensions=true'
is "the state of the office" WAIT_DISPATCH "$(check get answer.json 0 extended_attributes state)"
for _ in 1 2 3 4; do curl -s -o same.$_ "${good[@]}" -d "api_key=$key" -d description=atonce "$base/requests.json" & pids+=" $!"; done
# shellcheck disable=SC2086 # numbers
wait $pids
is "the same post four times at one moment is one request" 1 "$(for i in 1 2 3 4; do id_of same.$i; done | sort -u | grep -c .)"

# ---- habits of clients --------------------------------------------------------------------------------------
path=//requests.json post one.json service_code=H-0101 'attribute[street]=S-1101' lat=39.90123456789012 long=116.40123456789012 \
    $'description=line one\r\nline two' jurisdiction_id=city.gov media_url= email= zipcode=
is "two slashes, empty parameters, 14 decimals" 200 "$code"
both "and it comes back" service_requests 200 "/requests/$(id_of one.json).FORMAT"
is "line breaks are kept" $'line one\nline two' "$(check get answer.json 0 description)"
is "degrees are cut" 39.901 "$(check get answer.json 0 lat)"
call form.xml /requests.xml -F "api_key=$key" -F service_code=H-0101 -F 'attribute[street]=S-1102' -F lat=1.5 -F long=2 -F 'description=with a photo' \
    -F 'photo1=@large;type=image/jpeg' -F "media_url=https://a.example/1.jpg" -F "media_url=https://a.example/2.jpg"
is "a form with files is too large" 413 "$code"
head -c 5000 /dev/urandom >photo
call form.xml /requests.xml -F "api_key=$key" -F service_code=H-0101 -F 'attribute[street]=S-1102' -F lat=1.5 -F long=2 -F 'description=with a photo' \
    -F 'photo1=@photo;type=image/jpeg' -F "media_url=https://a.example/1.jpg" -F "media_url=https://a.example/2.jpg"
is "multipart/form-data with photos" 200 "$code"
if grep -q 'files.*not kept' form.xml; then tap_ok "says that files are not kept"; else tap_not_ok "says that files are not kept" "$(cat form.xml)"; fi
call two.json /requests.json -d "api_key=$key&service_code=H-0202&lat=1&long=2&attribute%5Bstreet%5D=S-1102&attribute%5Bcare%5D%5B%5D=old&attribute%5Bcare%5D%5B%5D=ill&attribute%5Bfloor%5D=3"
is "escaped and repeated attributes" 200 "$code"
events() { "$sql" office.db "SELECT e.body FROM events e JOIN requests r ON r.case_row = e.case_row WHERE r.request_id = '$1'"; }
if events "$(id_of two.json)" | grep -q '"vulnerable":"old, ill"'; then tap_ok "each value is on the case"; else tap_not_ok "each value is on the case" "$(events "$(id_of two.json)")"; fi
post three.json service_code=H-0101 address_string=杏坡社区7号楼
is "the street is found by a community of the address" 200 "$code"
call answer.json "/requests.json?service_request_id=$first,nothing,$(id_of three.json)&status=closed&start_date=1999-01-01"
is "numbers override the filter" 2 "$(grep -o service_request_id answer.json | wc -l)"
call answer.json '/requests.json?service_code=H-0202,H-9999&status=&start_date='
is "by service code" "$(id_of two.json)" "$(id_of answer.json)"
call answer.json '/requests.json?status=closed'
is "none is closed" '[]' "$(cat answer.json)"
all=$(curl -s "$base/requests.json" | grep -o service_request_id | wc -l)
call answer.json '/requests.json?page=2&page_size=2'
is "pages" 2 "$(grep -o service_request_id answer.json | wc -l)"
call answer.json "/requests.json?page=$((all + 1))&page_size=1"
is "a page behind the end" '[]' "$(cat answer.json)"
call answer.json '/requests.json?start_date=2026-01-01T00:00:00+08:00&end_date=2026-01-02T00:00:00Z'
is "other days" '[]' "$(cat answer.json)"
"$sql" office.db "UPDATE requests SET requested = requested - 100 * 86400000, updated = updated - 10 * 86400000 WHERE request_id = '$first'"
curl -s "$base/requests.json" | grep -q "$first"
is "90 days by default" 1 "$?"
call answer.json "/requests.json?updated_before=$(date -u -d '-9 days' +%FT%TZ)"
is "by the last change" "$first" "$(id_of answer.json)"
call answer.json "/requests.json?updated_after=$(date -u -d '-9 days' +%FT%TZ)"
is "after the last change" $((all - 1)) "$(grep -o service_request_id answer.json | wc -l)"
before=$(count)
curl -s -o test.xml -X POST "$url/open311/test/v2/requests.xml" "${good[@]}" -d "api_key=$key" -d description=test
if grep -q 'nothing was kept' test.xml && [ "$(count)" = "$before" ]; then tap_ok "the test endpoint keeps nothing"; else tap_not_ok "the test endpoint keeps nothing" "$(cat test.xml)"; fi

# ---- the way of a case ---------------------------------------------------------------------------------------
printf 'a word for tests\n' >password && chmod 600 password
for user in chen.op wang.desk; do "$jiband" user --db sqlite:office.db passwd $user --password-file password; done
post way.json service_code=H-0101 'attribute[street]=S-1101' lat=39.9 long=116.4 'description=on its way'
way=$(id_of way.json)
dispatcher=$("$sql" office.db "SELECT user FROM users WHERE role = 'dispatcher' LIMIT 1")
"$jiband" user --db sqlite:office.db passwd "$dispatcher" --password-file password
at home "$jiban" sync --server "$url" --user "$dispatcher" --password-file password >sync.txt 2>&1
at home "$jiban" 'do' "${way/-/}" dispatch unit=1101 --server "$url" --user "$dispatcher" --password-file password >do.txt 2>&1
at home "$jiban" sync --server "$url" --user "$dispatcher" --password-file password >>sync.txt 2>&1
both "a case that was sent" service_requests 200 "/requests/$way.FORMAT"
is "who is responsible" "Xingfuli Street" "$(check get answer.json 0 agency_responsible)"
if [ "$(check get answer.json 0 expected_datetime)" != None ]; then tap_ok "until when"; else tap_not_ok "until when" "$(cat answer.json do.txt sync.txt)"; fi
is "still open" open "$(check get answer.json 0 status)"
post over.json service_code=H-0101 'attribute[street]=S-1101' lat=39.9 long=116.4 'description=for a court'
over=$(id_of over.json)
at home "$jiban" sync --server "$url" --user "$dispatcher" --password-file password >>sync.txt 2>&1
at home "$jiban" 'do' "${over/-/}" send_elsewhere exit=legal_channel 'said=where to go' --server "$url" --user "$dispatcher" --password-file password >do.txt 2>&1
at home "$jiban" sync --server "$url" --user "$dispatcher" --password-file password >>sync.txt 2>&1
both "a case that is over" service_requests 200 "/requests/$over.FORMAT"
is "closed" closed "$(check get answer.json 0 status)"
tap_empty "what was said stays in the office" "$(grep -o 'where to go' answer.xml answer.json)"
call answer.json '/requests.json?status=closed'
is "found among the closed" "$over" "$(grep -oE '"service_request_id":"[^"]*"' answer.json | cut -d '"' -f 4)"
call answer.json '/requests.json?status=open'
tap_empty "and not among the open" "$(grep -o "$over" answer.json)"

# ---- nothing personal -------------------------------------------------------------------------------------------
post secret.json service_code=H-0101 first_name=Mingyue last_name=Ouyang phone=13800138000 email=mingyue@mail.example \
    'address_string=东里小区3号楼2单元501' lat=39.912345678 long=116.412345678 'attribute[street]=S-1101' 'attribute[floor]=tower nine' \
    'description=Mingyue OUYANG, 138-0013 8000 or １３８００１３８０００, 一三八零零一三八零零零, id 11010519491231002X, mail mingyue@mail.example, lives 东里小区3号楼2单元501, works 8号院7号楼6层 or 9-8-707, since 2026-11-20'
is "the planted request" 200 "$code"
planted=$(id_of secret.json)
events "$planted" >kept.txt
if grep -q 'Mingyue' kept.txt && grep -q 13800138000 kept.txt && grep -q mingyue@mail.example kept.txt && grep -q 501 kept.txt; then
    tap_ok "the office knows who it is"
else tap_not_ok "the office knows who it is" "$(cat kept.txt)"; fi
for answer in "/requests/$planted" /requests "/tokens/$planted" /services /services/H-0101 /discovery; do
    for format in xml json; do curl -s "$base$answer.$format?extensions=true"; done
done >out.txt
tap_empty "no answer has name, number, mail, address, home" "$(grep -noiE 'mingyue|ouyang|138.?0013|１３８|一三八|11010519|002X|mail\.example|单元501|东里小区3|tower nine|6层|8-707|39\.9123|116\.4123' out.txt | sort -u | head)"
if grep -q 'since 2026-11-20' out.txt; then tap_ok "a day is no number of a person"; else tap_not_ok "a day is no number of a person" "$(grep -o 'since.\{20\}' out.txt)"; fi
row=$("$sql" office.db "SELECT case_row FROM requests WHERE request_id = '$planted'")
"$sql" office.db "UPDATE events SET body = replace(body, '\"channel\":\"open311\"', '\"channel\":\"open311\",\"secret\":true') WHERE case_row = $row AND seq = 1"
at home "$jiban" sync --server "$url" --user "$dispatcher" --password-file password >>sync.txt 2>&1
at home "$jiban" 'do' "${planted/-/}" dispatch unit=1101 --server "$url" --user "$dispatcher" --password-file password >do.txt 2>&1
at home "$jiban" sync --server "$url" --user "$dispatcher" --password-file password >>sync.txt 2>&1
refused "a case that became secret is gone" 404 service_request_id "/requests/$planted.FORMAT"
"$jiband" init --db sqlite:other.db && "$jiband" generate --db sqlite:other.db --cases 5 >out.txt
is "cases of other channels are none of its" 0 "$("$sql" other.db "SELECT count(*) FROM requests")"

# ---- hostile texts ------------------------------------------------------------------------------------------------
hostile() { # NAME FILE
    local text name complaint='' n=0 taken=0
    while IFS= read -r text; do
        n=$((n + 1)) name=$text
        [ ${#text} -le 300 ] || name='' # a name has 200 characters
        call answer.json /requests.json -d "api_key=$key&service_code=H-0101&lat=1&long=2&attribute[street]=S-1101&address_string=$n" \
            --data-raw "description=$text&first_name=$name"
        case $code in 200) taken=$((taken + 1)) ;; 400) ;; *) complaint+="text $n: status $code"$'\n' ;; esac
        complaint+=$(python3 -m json.tool answer.json 2>&1 >out.txt)
    done < <(check texts "$2")
    [ $((taken * 2)) -gt "$n" ] || complaint+="only $taken of $n were taken"
    tap_empty "$1: taken or refused ($taken of $n)" "$complaint"
}
hostile "hostile texts" "$JIBAN_TOP_SRCDIR/tests/server/hostile.ndjson"
if [ -n "${JIBAN_SHARED_DATA:-}" ] && [ -r "$JIBAN_SHARED_DATA/hostile-text.ndjson" ]; then
    hostile "hostile texts of the real set" "$JIBAN_SHARED_DATA/hostile-text.ndjson"
else
    tap_skip "hostile texts of the real set" "not there; only those shipped"
fi
both "they come back as harmless XML and JSON" service_requests 200 /requests.FORMAT
controls='[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]'
tap_empty "without controls" "$(LC_ALL=C grep -naoP ".{0,20}($controls).{0,20}" answer.xml answer.json | head -n 5 | cat -v)"
tap_empty "the server is well" "$(grep -E 'Sanitizer|runtime error' serve.txt server.log)"
tap_done
