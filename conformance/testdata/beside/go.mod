module example.com/beside

go 1.26.0

require (
	github.com/onsi/ginkgo/v2 v2.34.0
	github.com/onsi/gomega v1.44.0
	github.com/putget-protocol/putget v0.0.0
)

replace github.com/putget-protocol/putget => ../../..
