# Open311: every call once; test_open311.sh knows more.
step open311: discovery
send GET /open311/v2/discovery.xml
expect 200
head ^Content-Type: text/xml; charset=utf-8$
has <type>production</type>

step open311: discovery without its body
send HEAD /open311/v2/discovery.json
expect 200
head ^Content-Type: application/json; charset=utf-8$

step open311: services
send GET /open311/v2/services.json
expect 200
has "service_code":"H-0101"

step open311: what a service asks
send GET /open311/v2/services/H-0101.xml
expect 200
has <code>street</code>

step open311: no such service
send GET /open311/v2/services/0101.xml
expect 404
has <errors><error><code>404</code>

step open311: a list
send GET /open311/v2/requests.json
expect 200
has ^\[\]$

step open311: a wrong time
send GET /open311/v2/requests.json?start_date=x
expect 400
has ^\[\{"code":400,"description":"start_date

step open311: no key
send POST /open311/v2/requests.xml
body service_code=H-0101
expect 403
has <code>403</code>

step open311: no such request
send GET /open311/v2/requests/261125-1.json
expect 404
has "code":404

step open311: no such token
send GET /open311/v2/tokens/261125-1.json
expect 404
has "code":404

step open311: not with this method
send DELETE /open311/v2/requests.xml
expect 405 general
head ^Allow: GET, HEAD, POST$
has <code>405</code>

step open311: another ending
send GET /open311/v2/requests.html
expect 404 general
has <code>404</code>

step open311: a segment too many
send GET /open311/v2/requests/a/b.xml
expect 404 general
has <code>404</code>
