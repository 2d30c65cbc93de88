# GET /v1/events: the stream.
step a stream says at once where the store is
send GET /v1/events
as desk
watch 3
expect 200
head ^Content-Type: text/event-stream$
head ^Cache-Control: no-store$
nohead ^Content-Encoding
has ^event: change$
has ^id: ${epoch}-[0-9]+$
has ^data: ${epoch}-[0-9]+$

step a stream pings
send GET /v1/events
as desk
watch 22
expect 200
has ^event: ping$

step Last-Event-ID of another epoch only makes it say where it is
send GET /v1/events
as desk
header Last-Event-ID: 0000000000000000-1
watch 3
expect 200
has ^id: ${epoch}-[0-9]+$

step a Last-Event-ID that is none
send GET /v1/events
as desk
header Last-Event-ID: ' OR 1=1; ${policy_tag}
watch 3
expect 200
has ^id: ${epoch}-[0-9]+$

step a stream is never compressed
send GET /v1/events
as desk
header Accept-Encoding: gzip
watch 3
expect 200
nohead ^Content-Encoding
has ^event: change$

step a stream without a session
send GET /v1/events
expect 401
problem unauthorized

step HEAD of a stream ends
send HEAD /v1/events
as desk
expect 200
head ^Content-Type: text/event-stream$

step a commit while streams are open
send POST /v1/commands
as desk
body {"commands":[{"id":"01900000-0000-7000-8000-000000000201","case":"01900000-0000-7000-8000-00000000c001","base":4,"type":"note","at":"2026-11-24T12:05:00+08:00","args":{"note":"while you listen"}}]}
expect 200
has "outcome":"applied"
