package peer_test

import (
	"testing"

	"github.com/putget-protocol/putget/conformance/peer"
)

func TestCallsAndAnswersAreRecorded(t *testing.T) {
	rec := peer.NewRecorder()
	rec.Called("client", `{"op":"get","args":["*"]}`)
	rec.Answered("client", `{"ok":{}}`)
	wantKinds(t, rec, peer.Called, peer.Answered)
	events := rec.Events()
	if events[0].Note != `{"op":"get","args":["*"]}` || events[1].Note != `{"ok":{}}` || events[1].Conn != "client" {
		t.Errorf("recorded %v", events)
	}
}
