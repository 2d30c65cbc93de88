# Reference data: ETag, 304, HEAD, compression.
step the policy
send GET /v1/policy
as desk
expect 200
head ^Content-Type: application/json$
head ^Cache-Control: no-cache$
head ^Vary: Accept-Encoding$
nohead ^Content-Encoding
has "policy": "beijing-default"
save policy_tag ^ETag: ("[0-9a-f]+")

step the policy at hand
send GET /v1/policy
as desk
header If-None-Match: ${policy_tag}
expect 304
head ^ETag: ${policy_tag}$
empty

step a list of tags, one weak
send GET /v1/policy
as desk
header If-None-Match: "other", W/${policy_tag}
expect 304
empty

step any copy
send GET /v1/policy
as desk
header If-None-Match: *
expect 304
empty

step another copy
send GET /v1/policy
as desk
header If-None-Match: "00000000000000000000000000000000"
expect 200
has "policy"

step a tag without its quotes is another one
send GET /v1/policy
as desk
header If-None-Match: 0
expect 200

step HEAD of the policy
send HEAD /v1/policy
as desk
expect 200
head ^ETag: ${policy_tag}$
head ^Content-Length: [1-9][0-9]+$

step HEAD without a session
send HEAD /v1/policy
expect 401
head ^Content-Type: application/problem\+json

step the policy without a session
send GET /v1/policy
expect 401
problem unauthorized

step the policy, compressed
send GET /v1/policy
as desk
header Accept-Encoding: gzip
expect 200
head ^Content-Encoding: gzip$
head ^ETag: ${policy_tag}$
packed
has "policy": "beijing-default"

step compressed by weight
send GET /v1/policy
as desk
header Accept-Encoding: br;q=1.0, gzip;q=0.5
expect 200
head ^Content-Encoding: gzip$
packed
has "policy": "beijing-default"

step gzip refused
send GET /v1/policy
as desk
header Accept-Encoding: gzip; q=0, identity
expect 200
nohead ^Content-Encoding
has "policy": "beijing-default"

step only unknown encodings
send GET /v1/policy
as desk
header Accept-Encoding: br
expect 200
nohead ^Content-Encoding

step a problem is short and not compressed
send GET /v1/nowhere
as desk
header Accept-Encoding: gzip
expect 404
nohead ^Content-Encoding
problem not-found

step the calendar
send GET /v1/calendar
as desk
expect 200
has "years"
save calendar_tag ^ETag: ("[0-9a-f]+")

step the calendar at hand
send GET /v1/calendar
as desk
header If-None-Match: ${calendar_tag}
expect 304
empty

step the calendar without a session
send GET /v1/calendar
expect 401
problem unauthorized

step people
send GET /v1/people
as desk
expect 200
has "wang.desk"
save people_tag ^ETag: ("[0-9a-f]+")

step people at hand
send GET /v1/people
as desk
header If-None-Match: ${people_tag}
expect 304
empty

step people without a session
send GET /v1/people
expect 401
problem unauthorized

step the catalogue
send GET /v1/catalogue
as desk
expect 200
has "duties"
save catalogue_tag ^ETag: ("[0-9a-f]+")

step the catalogue at hand
send GET /v1/catalogue
as desk
header If-None-Match: ${catalogue_tag}
expect 304
empty

step the catalogue without a session
send GET /v1/catalogue
expect 401
problem unauthorized

step the tag of one is not that of another
send GET /v1/people
as desk
header If-None-Match: ${calendar_tag}
expect 200

step a document the store has lost
sql UPDATE documents SET name = 'calendar-away' WHERE name = 'calendar'
send GET /v1/calendar
as desk
expect 404
problem not-found

step and has again
sql UPDATE documents SET name = 'calendar' WHERE name = 'calendar-away'
send GET /v1/calendar
as desk
expect 200

step alive
send GET /healthz
expect 200
has ^\{"status":"ok"\}$

step HEAD of alive
send HEAD /healthz
expect 200
head ^Content-Length: 15$

step ready
send GET /readyz
expect 200
has ^\{"status":"ready"\}$

step figures
send GET /metrics
expect 200
head ^Content-Type: text/plain
has ^jiban_requests_total [1-9]
has ^jiban_events 0$
