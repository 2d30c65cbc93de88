# POST /v1/commands: what is taken, what is refused alone, what refuses the whole call.
step a case is logged
send POST /v1/commands
as operator
body {"commands":[{"id":"01900000-0000-7000-8000-000000000001","case":"01900000-0000-7000-8000-00000000c001","base":0,"type":"log","at":"2026-11-24T10:00:00+08:00",
body "args":{"type":"help","category":"0101","street":"1101","content":"暖气不热","phone":"13800000001","claimant":"张秀兰"}}]}
expect 200
head ^Content-Type: application/json$
has ^\{"outcomes":\[\{"id":"01900000-0000-7000-8000-000000000001","outcome":"applied","version":1\}\]\}$

step the same id again
send POST /v1/commands
as operator
body {"commands":[{"id":"01900000-0000-7000-8000-000000000001","case":"01900000-0000-7000-8000-00000000c001","base":0,"type":"log","at":"2026-11-24T10:00:00+08:00",
body "args":{"type":"help","category":"0101","street":"1101","content":"暖气不热","phone":"13800000001","claimant":"张秀兰"}}]}
expect 200
has "outcome":"duplicate","first":"applied","version":1

step the same id with another text
send POST /v1/commands
as operator
body {"commands":[{"id":"01900000-0000-7000-8000-000000000001","case":"01900000-0000-7000-8000-00000000c001","base":0,"type":"log","at":"2026-11-24T10:00:00+08:00",
body "args":{"type":"help","category":"0101","street":"1101","content":"another"}}]}
expect 200
has "outcome":"rejected","problem":\{"type":"urn:jiban:problem:id-reused","title":"[^"]+","status":422

step the same id by another person
send POST /v1/commands
as dispatcher
body {"commands":[{"id":"01900000-0000-7000-8000-000000000001","case":"01900000-0000-7000-8000-00000000c001","base":0,"type":"note","at":"2026-11-24T10:00:00+08:00","args":{"note":"x"}}]}
expect 200
has "outcome":"rejected","problem":\{"type":"urn:jiban:problem:id-taken","title":"[^"]+","status":409

step the case goes to the street
send POST /v1/commands
as dispatcher
body {"commands":[{"id":"01900000-0000-7000-8000-000000000002","case":"01900000-0000-7000-8000-00000000c001","base":1,"type":"dispatch","at":"2026-11-24T10:05:00+08:00","args":{"unit":"1101"}}]}
expect 200
has "outcome":"applied","version":2

step the wrong role is refused by procedure
send POST /v1/commands
as desk
body {"commands":[{"id":"01900000-0000-7000-8000-000000000003","case":"01900000-0000-7000-8000-00000000c001","base":2,"type":"dispatch","at":"2026-11-24T10:05:00+08:00","args":{"unit":"1102"}}]}
expect 200
has "outcome":"rejected","problem":\{"type":"urn:jiban:problem:[a-z-]+","title":"[^"]+","status":409,"detail":"[^"]+"

step a case of another street is not there
send POST /v1/commands
as other
body {"commands":[{"id":"01900000-0000-7000-8000-000000000004","case":"01900000-0000-7000-8000-00000000c001","base":2,"type":"sign","at":"2026-11-24T10:05:00+08:00","args":{}}]}
expect 200
has "outcome":"rejected","problem":\{"type":"urn:jiban:problem:not-found","title":"[^"]+","status":404

step a case that is not there answers the same
send POST /v1/commands
as other
body {"commands":[{"id":"01900000-0000-7000-8000-000000000005","case":"01900000-0000-7000-8000-0000000000ff","base":0,"type":"sign","at":"2026-11-24T10:05:00+08:00","args":{}}]}
expect 200
has "outcome":"rejected","problem":\{"type":"urn:jiban:problem:not-found","title":"[^"]+","status":404

step broken ones are refused alone and the good one flows
send POST /v1/commands
as desk
body {"commands":[
body {"id":"01900000-0000-7000-8000-000000000006","case":"01900000-0000-7000-8000-00000000c001","base":2,"type":"fly","at":"2026-11-24T10:05:00+08:00","args":{}},
body {"id":"01900000-0000-7000-8000-000000000007","case":"01900000-0000-7000-8000-00000000c001","base":2,"type":"sign","at":"2026-11-24T10:05:00+08:00","args":{}},
body 17]}
expect 200
has "id":"01900000-0000-7000-8000-000000000006","outcome":"rejected","problem":\{"type":"urn:jiban:problem:unsupported","title":"[^"]+","status":422,"detail":"/commands/0/type: [^"]*\\"fly\\"
has "id":"01900000-0000-7000-8000-000000000007","outcome":"applied","version":3
has "detail":"/commands/2: must be an object"

step the same id twice in one call
send POST /v1/commands
as desk
body {"commands":[
body {"id":"01900000-0000-7000-8000-000000000008","case":"01900000-0000-7000-8000-00000000c001","base":3,"type":"note","at":"2026-11-24T10:05:00+08:00","args":{"note":"once"}},
body {"id":"01900000-0000-7000-8000-000000000008","case":"01900000-0000-7000-8000-00000000c001","base":3,"type":"note","at":"2026-11-24T10:05:00+08:00","args":{"note":"once"}}]}
expect 200
has "outcome":"applied","version":4\},\{"id":"01900000-0000-7000-8000-000000000008","outcome":"duplicate","first":"applied","version":4

step an argument the command has not
send POST /v1/commands
as desk
body {"commands":[{"id":"01900000-0000-7000-8000-000000000009","case":"01900000-0000-7000-8000-00000000c001","base":4,"type":"note","at":"2026-11-24T10:05:00+08:00","args":{"note":"x","mood":"bad"}}]}
expect 200
has "outcome":"rejected".*"status":422,"detail":"/commands/0/args[^"]*mood

step an argument of the wrong type
send POST /v1/commands
as desk
body {"commands":[{"id":"01900000-0000-7000-8000-00000000000a","case":"01900000-0000-7000-8000-00000000c001","base":4,"type":"note","at":"2026-11-24T10:05:00+08:00","args":{"note":["x"]}}]}
expect 200
has "outcome":"rejected".*"status":422,"detail":"/commands/0/args/note

step a required argument is missing
send POST /v1/commands
as desk
body {"commands":[{"id":"01900000-0000-7000-8000-00000000000b","case":"01900000-0000-7000-8000-00000000c001","base":4,"type":"note","at":"2026-11-24T10:05:00+08:00","args":{}}]}
expect 200
has "outcome":"rejected".*"status":422.*"field":"note"

step an argument longer than its field
send POST /v1/commands
as desk
body {"commands":[{"id":"01900000-0000-7000-8000-00000000000c","case":"01900000-0000-7000-8000-00000000c001","base":4,"type":"note","at":"2026-11-24T10:05:00+08:00","args":{"note":"
fill 20001 x
body "}}]}
expect 200
has "outcome":"rejected".*"status":422

step an id that is no UUID
send POST /v1/commands
as desk
body {"commands":[{"id":"1","case":"01900000-0000-7000-8000-00000000c001","base":4,"type":"note","at":"2026-11-24T10:05:00+08:00","args":{"note":"x"}}]}
expect 200
has "outcome":"rejected".*"status":422,"detail":"/commands/0/id: must be a UUID"

step a base below zero
send POST /v1/commands
as desk
body {"commands":[{"id":"01900000-0000-7000-8000-00000000000d","case":"01900000-0000-7000-8000-00000000c001","base":-1,"type":"note","at":"2026-11-24T10:05:00+08:00","args":{"note":"x"}}]}
expect 200
has "outcome":"rejected".*"detail":"/commands/0/base

step a base that is no whole number
send POST /v1/commands
as desk
body {"commands":[{"id":"01900000-0000-7000-8000-00000000000d","case":"01900000-0000-7000-8000-00000000c001","base":4.5,"type":"note","at":"2026-11-24T10:05:00+08:00","args":{"note":"x"}}]}
expect 200
has "outcome":"rejected".*"detail":"/commands/0/base

step a time that is none
send POST /v1/commands
as desk
body {"commands":[{"id":"01900000-0000-7000-8000-00000000000d","case":"01900000-0000-7000-8000-00000000c001","base":4,"type":"note","at":"yesterday","args":{"note":"x"}}]}
expect 200
has "outcome":"rejected".*"detail":"/commands/0/at

step arguments that are no object
send POST /v1/commands
as desk
body {"commands":[{"id":"01900000-0000-7000-8000-00000000000d","case":"01900000-0000-7000-8000-00000000c001","base":4,"type":"note","at":"2026-11-24T10:05:00+08:00","args":[]}]}
expect 200
has "outcome":"rejected".*"detail":"/commands/0/args

step no commands
send POST /v1/commands
as desk
body {"commands":[]}
expect 200
has ^\{"outcomes":\[\]\}$

step 100 commands
send POST /v1/commands
as desk
body {"commands":[
many 100 {"id":"01900000-0000-7000-8000-00000001%d","case":"01900000-0000-7000-8000-00000000c001","base":4,"type":"note","at":"2026-11-24T10:05:00+08:00","args":{"note":"n%d"}}
body ]}
expect 200
has 1099","outcome":"applied","version":104

step 101 commands
send POST /v1/commands
as desk
body {"commands":[
many 101 {"id":"01900000-0000-7000-8000-00000002%d","case":"01900000-0000-7000-8000-00000000c001","base":4,"type":"note","at":"2026-11-24T10:05:00+08:00","args":{"note":"n%d"}}
body ]}
expect 413
problem too-big
has at most 100

step nothing of the 101 was taken
send GET /v1/cases/01900000-0000-7000-8000-00000000c001
as desk
expect 200
has "version":104,

step no member commands
send POST /v1/commands
as desk
body {"command":[]}
expect 400
problem invalid
has /commands: missing

step commands that are no array
send POST /v1/commands
as desk
body {"commands":{"0":1}}
expect 400
problem invalid
has /commands: must be an array

step broken JSON
send POST /v1/commands
as desk
body {"commands":[{"id":"01900000-0000-7000-8000-00000000000e",}]}
expect 400
problem invalid

step a member of a command twice
send POST /v1/commands
as desk
body {"commands":[{"id":"01900000-0000-7000-8000-00000000000e","id":"01900000-0000-7000-8000-00000000000f"}]}
expect 400
problem invalid

step bytes that are not UTF-8
send POST /v1/commands
as desk
bytes {"commands":[{"id":"\xed\xa0\x80"}]}
expect 400
problem invalid

step nested too deep
send POST /v1/commands
as desk
body {"commands":
fill 40 [
fill 40 ]
body }
expect 413
problem too-big

step without a session
send POST /v1/commands
body {"commands":[]}
expect 401
problem unauthorized

step a body just under the limit is read
send POST /v1/commands
as desk
body {"commands":[],"filling":"
fill 4194200 x
body "}
expect 200

step a body over the limit
send POST /v1/commands
as desk
body {"commands":[],"filling":"
fill 4194304 x
body "}
expect 413
head ^Connection: close
problem too-big

step a body over the limit that does not say so before
send POST /v1/commands
as desk
header Transfer-Encoding: chunked
body {"commands":[],"filling":"
fill 4194304 x
body "}
expect 413
problem too-big

step a body in chunks
send POST /v1/commands
as desk
header Transfer-Encoding: chunked
body {"commands":[]}
expect 200
has ^\{"outcomes":\[\]\}$
