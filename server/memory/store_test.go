package memory_test

import (
	"testing"

	"github.com/putget-protocol/putget/server"
	"github.com/putget-protocol/putget/server/memory"
	"github.com/putget-protocol/putget/server/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) server.Store { return memory.New() })
}
