# Papers of a person and of an office: written on the state that was seen, read by those they are for.
step papers without a session
send GET /v1/papers
expect 401
problem unauthorized

step papers of the desk
send GET /v1/papers
as desk
expect 200
head ^Content-Type: application/json$
has ^\{"revision":[0-9]+,"papers":\[

step a paper needs a state that was seen
send PUT /v1/papers/view/own/heat
as desk
body {"owner":"wang.desk","body":"view all_open\n"}
expect 428

step a new paper
send PUT /v1/papers/view/own/heat
as desk
header If-None-Match: *
body {"owner":"wang.desk","body":"view all_open\n"}
expect 201
save paper_tag ^ETag: ("[0-9]+")

step the same name once more
send PUT /v1/papers/view/own/heat
as desk
header If-None-Match: *
body {"owner":"wang.desk","body":"other\n"}
expect 412

step a kind that is none
send PUT /v1/papers/song/own/heat
as desk
header If-None-Match: *
body {"owner":"wang.desk","body":"x"}
expect 404

step thrown away without a session
send DELETE /v1/papers/view/own/heat
expect 401
problem unauthorized

step thrown away on another state
send DELETE /v1/papers/view/own/heat
as desk
header If-Match: "999999"
expect 412

step thrown away
send DELETE /v1/papers/view/own/heat
as desk
header If-Match: ${paper_tag}
expect 204
empty
