# Emergencies: the list, who opens and closes, bodies and codes that are none.
step the list before the first one
send GET /v1/emergencies
as desk
expect 200
head ^Content-Type: application/json$
has ^\{"version":0,"emergencies":\[\]\}$
save none_tag ^ETag: ("[0-9a-f]+")

step the list at hand
send GET /v1/emergencies
as desk
header If-None-Match: ${none_tag}
expect 304
empty

step the list without a session
send GET /v1/emergencies
expect 401
problem unauthorized

step nothing is opened without a session
send POST /v1/emergencies
body {"code":"storm-20261124","name":"Storm","district":"11"}
expect 401
problem unauthorized

step nor by a desk
send POST /v1/emergencies
as desk
body {"code":"storm-20261124","name":"Storm","district":"11"}
expect 403
problem denied

step no body
send POST /v1/emergencies
as dispatcher
expect 400
problem invalid

step no object
send POST /v1/emergencies
as dispatcher
body ["storm-20261124"]
expect 400
problem invalid

step no code
send POST /v1/emergencies
as dispatcher
body {"name":"Storm","district":"11"}
expect 400
problem invalid
has code

step areas that are no texts
send POST /v1/emergencies
as dispatcher
body {"code":"storm-20261124","name":"Storm","district":"11","areas":[1101]}
expect 400
problem invalid
has areas/0

step a name that is too long
send POST /v1/emergencies
as dispatcher
body {"code":"storm-20261124","district":"11","name":"
fill 201 x
body "}
expect 413

step a kind that there is not
send POST /v1/emergencies
as dispatcher
body {"code":"flood-20261124","name":"Flood","district":"11"}
expect 400
problem invalid
has flood

step one is opened
send POST /v1/emergencies
as dispatcher
body {"code":"storm-20261124","name":"暴雨","district":"11","areas":["1102"],"categories":["21"],"text":"a \"b\"\nc","unknown":1}
expect 200
head ^ETag: "[0-9a-f]+"$
has ^\{"version":1,"emergencies":\[\{"code":"storm-20261124","name":"暴雨","district":"11","areas":\["1102"\],"categories":\["21"\],"text":"a \\"b\\"\\nc","opened":"[0-9T:.+-]+","opened_by":"sun\.dispatch"\}\]\}$

step the tag of before is old
send GET /v1/emergencies
as desk
header If-None-Match: ${none_tag}
expect 200
has "version":1

step a second time
send POST /v1/emergencies
as dispatcher
body {"code":"storm-20261124","name":"Storm","district":"11"}
expect 409
problem conflict

step a desk closes none
send POST /v1/emergencies/storm-20261124/close
as desk
expect 403
problem denied

step one that there is not
send POST /v1/emergencies/storm-20261125/close
as dispatcher
expect 404
problem not-found

step one is closed
send POST /v1/emergencies/storm-20261124/close
as dispatcher
expect 200
has ^\{"version":2,.*"closed":"[0-9T:.+-]+","closed_by":"sun\.dispatch"\}\]\}$

step but once
send POST /v1/emergencies/storm-20261124/close
as dispatcher
expect 409
problem conflict

step closing is no question
send GET /v1/emergencies/storm-20261124/close
as desk
expect 405
head ^Allow: POST$

step nor is one deleted
send DELETE /v1/emergencies
as dispatcher
expect 405
head ^Allow: GET, HEAD, POST$
