# Paths, methods and requests that are not clear.
step no such address
send GET /v2/session
expect 404
problem not-found

step the root
send GET /
expect 404
problem not-found

step a slash too many
send GET /v1/policy/
as desk
expect 404
problem not-found

step a call without its slash
send GET /v1/cases
as desk
expect 404
problem not-found

step a call without its id
send GET /v1/cases/
as desk
expect 404
problem not-found

step a segment too many
send GET /v1/cases/01900000-0000-7000-8000-00000000c001/events
as desk
expect 404
problem not-found

step two slashes
send GET //v1/policy
as desk
expect 404
problem not-found

step an encoded slash
send GET /v1%2Fpolicy
as desk
expect 404
problem not-found

step an encoded slash in an id
send GET /v1/cases/01900000%2F0000
as desk
expect 404 general
problem not-found

step a letter that needs no escape
send GET /v1/%70olicy
as desk
expect 404
problem not-found

step dots upwards
send GET /v1/../../etc/passwd
expect 404
problem not-found

step dots back to a call
send GET /v1/x/../policy
as desk
expect 404
problem not-found

step encoded dots
send GET /v1/%2e%2e/%2e%2e/etc/passwd
expect 404
problem not-found

step a backslash
send GET /v1\policy
expect 404
problem not-found

step the case of letters counts
send GET /V1/POLICY
as desk
expect 404
problem not-found

step a method the path has not
send POST /v1/policy
as desk
body {}
expect 405
head ^Allow: GET, HEAD$
problem method

step GET of the log-in
send GET /v1/session
expect 405
head ^Allow: POST, DELETE$
problem method

step HEAD of the commands
send HEAD /v1/commands
as desk
expect 405
head ^Allow: POST$

step PUT
send PUT /v1/commands
as desk
body {"commands":[]}
expect 405
head ^Allow: POST$
problem method

step PATCH of a case
send PATCH /v1/cases/01900000-0000-7000-8000-00000000c001
as desk
body {}
expect 405
head ^Allow: GET, HEAD$
problem method

step OPTIONS
send OPTIONS /healthz
expect 405
head ^Allow: GET, HEAD$
problem method

step TRACE gives nothing back
send TRACE /healthz
header X-Secret: abcdef
expect 405
problem method
not abcdef

step a method nobody knows
send BREW /healthz
expect 405
problem method

step a method in small letters
send get /healthz
expect 405
problem method

step a target of 2,048 bytes
send GET /v1/policy?x${fill2036}
as desk
expect 200

step a target over 2,048 bytes
send GET /v1/policy?xx${fill2036}
as desk
expect 414 general
head ^Connection: close
problem too-big

step a path over 2,048 bytes
send GET /${fill2036}${fill2036}
expect 414
problem too-big

step a header of 15,000 bytes
send GET /healthz
header X-Long: ${fill15000}
expect 200

step a header over 16 KiB
send GET /healthz
header X-Long: ${fill15000}
header X-More: ${fill15000}
expect 431 general
problem too-big

step a header over 64 KiB
send GET /healthz
header X-1: ${fill15000}
header X-2: ${fill15000}
header X-3: ${fill15000}
header X-4: ${fill15000}
header X-5: ${fill15000}
expect 431 library

step a thousand header lines
send GET /healthz
header ${lines1000}
expect 431 library

step a body where none is wanted
send GET /healthz
body {"and":"why not"}
expect 200

step a body of 5 MB where none is wanted
send GET /healthz
fill 5000000 x
expect 413 general
problem too-big

step HTTP/1.0 needs no host
raw GET /healthz HTTP/1.0
raw
expect 200
has ^\{"status":"ok"\}$

step HTTP/1.1 does
raw GET /healthz HTTP/1.1
raw Connection: close
raw
expect 400 general
problem framing

step two hosts
raw GET /healthz HTTP/1.1
raw Host: a
raw Host: b
raw Connection: close
raw
expect 400 general
problem framing

step two lengths
raw POST /v1/session HTTP/1.1
raw Host: a
raw Content-Length: 2
raw Content-Length: 3
raw
bare {}
expect 400
problem framing

step a length and chunks
raw POST /v1/session HTTP/1.1
raw Host: a
raw Content-Length: 3
raw Transfer-Encoding: chunked
raw
raw 0
raw
expect 400
problem framing

step an unknown transfer encoding
raw POST /v1/session HTTP/1.1
raw Host: a
raw Transfer-Encoding: gzip
raw
raw 0
raw
expect 400
problem framing

step a space before the colon
raw POST /v1/session HTTP/1.1
raw Host: a
raw Content-Length : 2
raw
bare {}
expect 400
problem framing

step a whole address instead of a path
raw GET http://127.0.0.1/healthz HTTP/1.1
raw Host: a
raw Connection: close
raw
expect 400 general
problem framing

step a star
raw OPTIONS * HTTP/1.1
raw Host: a
raw Connection: close
raw
expect 400 general
problem framing

step a space in the target
raw GET /health z HTTP/1.1
raw Host: a
raw Connection: close
raw
expect 404 general
problem not-found

step a length below zero
raw POST /v1/session HTTP/1.1
raw Host: a
raw Content-Length: -3
raw
bare abc
expect 400 library

step a length with 30 digits
raw POST /v1/session HTTP/1.1
raw Host: a
raw Content-Length: 999999999999999999999999999999
raw
bare abc
expect 413 library

step chunks that are none
raw POST /v1/session HTTP/1.1
raw Host: a
raw Transfer-Encoding: chunked
raw Connection: close
raw
raw zz
raw
expect 400 library

step a header line without a colon
raw GET /healthz HTTP/1.1
raw Host: a
raw nothing here
raw Connection: close
raw
expect 400 library

step no version
raw GET /healthz
raw
expect 400 library

step a version nobody has
raw GET /healthz HTTP/9.9
raw Host: a
raw
expect 505 library

step no HTTP at all
raw hello there
raw
expect 400 library

step TLS spoken to a plain port
raw \x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello
raw
expect 400 library

step and it still answers
send GET /healthz
expect 200
has ^\{"status":"ok"\}$
