# Who is at a case: one call tells and asks; bodies that are none; no case out of sight.
step nobody is anywhere
send POST /v1/presence
as desk
body {"terminal":"a1"}
expect 200
head ^Content-Type: application/json$
has ^\{"marks":\[\]\}$

step without a session
send POST /v1/presence
body {"terminal":"a1"}
expect 401
problem unauthorized

step no body
send POST /v1/presence
as desk
expect 400
problem invalid

step no terminal
send POST /v1/presence
as desk
body {"case":"01900000-0000-7000-8000-00000000c001","mark":"open"}
expect 400
problem invalid
has terminal

step a terminal that is no word
send POST /v1/presence
as desk
body {"terminal":"a 1"}
expect 400
problem invalid

step a terminal that is too long
send POST /v1/presence
as desk
body {"terminal":"012345678901234567890123456789012"}
expect 400
problem invalid

step a case without a mark
send POST /v1/presence
as desk
body {"terminal":"a1","case":"01900000-0000-7000-8000-00000000c001"}
expect 400
problem invalid

step a mark that is none
send POST /v1/presence
as desk
body {"terminal":"a1","case":"01900000-0000-7000-8000-00000000c001","mark":"sleep"}
expect 400
problem invalid
has mark

step a case that is none
send POST /v1/presence
as desk
body {"terminal":"a1","case":"c001","mark":"open"}
expect 400
problem invalid

step a case out of sight
send POST /v1/presence
as other
body {"terminal":"a1","case":"01900000-0000-7000-8000-00000000c001","mark":"open"}
expect 404
problem not-found

step a stream of the desk
send GET /v1/events
as desk
watch 3
expect 200
has ^event: presence$

step a stream of the other street hears nothing of it
send GET /v1/events
as other
watch 3
expect 200
not ^event: presence$

step at a case; members that are not known are passed over
send POST /v1/presence
as desk
body {"terminal":"a1","case":"01900000-0000-7000-8000-00000000c001","mark":"write","command":"note","mood":"good"}
expect 200
has ^\{"marks":\[\]\}$

step another terminal of the same person
send POST /v1/presence
as desk
body {"terminal":"a2"}
expect 200
has ^\{"marks":\[\{"case":"01900000-0000-7000-8000-00000000c001","user":"wang\.desk","mark":"write","command":"note","since":"20[^"]*","own":true\}\]\}$

step a dispatcher
send POST /v1/presence
as dispatcher
body {"terminal":"b1"}
expect 200
has "user":"wang\.desk","mark":"write"
not "own"

step the other street is told nothing
send POST /v1/presence
as other
body {"terminal":"c1"}
expect 200
has ^\{"marks":\[\]\}$

step it is left
send POST /v1/presence
as desk
body {"terminal":"a1"}
expect 200

step and nobody is anywhere
send POST /v1/presence
as dispatcher
body {"terminal":"b1"}
expect 200
has ^\{"marks":\[\]\}$

step it is no list to be fetched
send GET /v1/presence
as desk
expect 405
head ^Allow: POST
