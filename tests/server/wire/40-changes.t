# GET /v1/changes, /v1/cases/{id}: lines, cursors, sight, tombstones.
step everything in the sight of the desk
send GET /v1/changes
as desk
expect 200
head ^Content-Type: application/x-ndjson$
lines 2
has ^\{"case":"01900000-0000-7000-8000-00000000c001","version":104,"since":0,"events":\[
has ^\{"cursor":"${epoch}-[0-9]+","more":false\}$
save cursor "cursor":"([^"]+)"

step nothing new
send GET /v1/changes?since=${cursor}
as desk
expect 200
lines 1
has ^\{"cursor":"${cursor}","more":false\}$

step an empty cursor asks for everything
send GET /v1/changes?since=&limit=5000
as desk
expect 200
lines 2

step the other street sees nothing
send GET /v1/changes
as other
expect 200
lines 1
save other_cursor "cursor":"([^"]+)"

step compressed
send GET /v1/changes
as desk
header Accept-Encoding: gzip
expect 200
head ^Content-Encoding: gzip$
packed
lines 2

step HEAD
send HEAD /v1/changes
as desk
expect 200
head ^Content-Length: [1-9]

step without a session
send GET /v1/changes
expect 401
problem unauthorized

step a limit of 0
send GET /v1/changes?limit=0
as desk
expect 400
problem invalid
has 5000

step a limit of 5,001
send GET /v1/changes?limit=5001
as desk
expect 400
problem invalid

step a limit below 0
send GET /v1/changes?limit=-1
as desk
expect 400
problem invalid

step a limit that is no number
send GET /v1/changes?limit=ten
as desk
expect 400
problem invalid

step an empty limit
send GET /v1/changes?limit=
as desk
expect 400
problem invalid

step a limit with 30 digits
send GET /v1/changes?limit=100000000000000000000000000000
as desk
expect 400
problem invalid

step unknown parameters are passed over
send GET /v1/changes?colour=red&limit=1
as desk
expect 200

step a cursor of another epoch
send GET /v1/changes?since=0000000000000000-1
as desk
expect 410
problem gone

step a cursor beyond the store
send GET /v1/changes?since=${epoch}-999999999
as desk
expect 410
problem gone

step a cursor beyond all numbers
send GET /v1/changes?since=${epoch}-99999999999999999999999999
as desk
expect 410
problem gone

step a cursor below zero
send GET /v1/changes?since=${epoch}--1
as desk
expect 410
problem gone

step a cursor that is none
send GET /v1/changes?since=%27%20OR%201=1
as desk
expect 410
problem gone

step a cursor with something behind it
send GET /v1/changes?since=${cursor}x
as desk
expect 410
problem gone

step a cursor with NUL behind it
send GET /v1/changes?since=${cursor}%00x
as desk
expect 400
problem framing

step a broken escape
send GET /v1/changes?since=%zz
as desk
expect 410
problem gone

step one case
send GET /v1/cases/01900000-0000-7000-8000-00000000c001
as desk
expect 200
head ^Content-Type: application/x-ndjson$
lines 1

step the operator sees the number in full
send GET /v1/cases/01900000-0000-7000-8000-00000000c001
as operator
expect 200
has 13800000001

step a case of another street is not there
send GET /v1/cases/01900000-0000-7000-8000-00000000c001
as other
expect 404
problem not-found

step a case that is not there answers the same
send GET /v1/cases/01900000-0000-7000-8000-0000000000ff
as other
expect 404
problem not-found

step an id that is none
send GET /v1/cases/1
as desk
expect 404
problem not-found

step a case without a session
send GET /v1/cases/01900000-0000-7000-8000-00000000c001
expect 401
problem unauthorized

step HEAD of a case
send HEAD /v1/cases/01900000-0000-7000-8000-00000000c001
as desk
expect 200

step another case, sent to the street, asked back, given back
send POST /v1/commands
as operator
body {"commands":[{"id":"01900000-0000-7000-8000-000000000101","case":"01900000-0000-7000-8000-00000000c002","base":0,"type":"log","at":"2026-11-24T11:00:00+08:00",
body "args":{"type":"help","category":"0101","street":"1101","content":"路灯不亮","anonymous":true}}]}
expect 200
has "outcome":"applied"

step sent
send POST /v1/commands
as dispatcher
body {"commands":[{"id":"01900000-0000-7000-8000-000000000102","case":"01900000-0000-7000-8000-00000000c002","base":1,"type":"dispatch","at":"2026-11-24T11:05:00+08:00","args":{"unit":"1101"}}]}
expect 200
has "outcome":"applied"

step the desk gets it whole
send GET /v1/changes?since=${cursor}
as desk
expect 200
lines 2
has ^\{"case":"01900000-0000-7000-8000-00000000c002","version":2,"since":0,
save cursor "cursor":"([^"]+)"

step asked back
send POST /v1/commands
as desk
body {"commands":[{"id":"01900000-0000-7000-8000-000000000103","case":"01900000-0000-7000-8000-00000000c002","base":2,"type":"ask_return","at":"2026-11-24T11:10:00+08:00","args":{"class":"R1","basis":"the other side of the road","proposed":"1102"}}]}
expect 200
has "outcome":"applied"

step given back
send POST /v1/commands
as dispatcher
body {"commands":[{"id":"01900000-0000-7000-8000-000000000104","case":"01900000-0000-7000-8000-00000000c002","base":3,"type":"accept_return","at":"2026-11-24T11:15:00+08:00","args":{"reason":"boundary list"}},
body {"id":"01900000-0000-7000-8000-000000000105","case":"01900000-0000-7000-8000-00000000c002","base":4,"type":"dispatch","at":"2026-11-24T11:16:00+08:00","args":{"unit":"1102"}}]}
expect 200
count 1 "outcome":"applied".*"outcome":"applied"

step a tombstone for the one
send GET /v1/changes?since=${cursor}
as desk
expect 200
lines 2
has ^\{"gone":"01900000-0000-7000-8000-00000000c002"\}$

step gone is not there any more
send GET /v1/cases/01900000-0000-7000-8000-00000000c002
as desk
expect 404
problem not-found

step no tombstone for who starts afresh
send GET /v1/changes
as desk
expect 200
lines 2
not "gone"

step whole for the other
send GET /v1/changes?since=${other_cursor}
as other
expect 200
lines 2
has ^\{"case":"01900000-0000-7000-8000-00000000c002","version":5,"since":0,

step one case a page
send GET /v1/changes?limit=1
as operator
expect 200
lines 2
has "more":true
has "cursor":"${epoch}-[0-9]+\.0","more":true
save page "cursor":"([^"]+)"

step the next page
send GET /v1/changes?limit=1&since=${page}
as operator
expect 200
lines 2
