package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
)

// Names of cases of framing that others lean on. They play vectors.
const (
	frameSplit    = "example-frame-split"
	framePipeline = "example-frame-pipeline"
)

func framingCases() []Case {
	return slices.Concat(framePieceCases(), halfCloseCases(), streamCases())
}

// framePieceCases are about how bytes of requests come.
func framePieceCases() []Case {
	return []Case{
		{
			ID: "frame-wait-get", Title: "A get is answered when its LF has come, and not before",
			Requirements: ids("FRM-001"),
			Blames:       []Blame{content("FRM-001"), unasked("FRM-001")},
			Run:          frameWaitGet,
		},
		{
			ID: "frame-bytes", Title: "Requests that come byte by byte",
			Requirements: ids("FRM-003"), DependsOn: ids(frameSplit),
			Blames: []Blame{content("FRM-003"), unasked("FRM-003")},
			Run:    frameBytes,
		},
		{
			ID: "frame-pieces", Title: "A wrong request in two pieces gets one error",
			Requirements: ids("FRM-003"), DependsOn: ids(frameSplit, errorReply, errorSession),
			Blames: []Blame{content("FRM-003"), unasked("FRM-003")},
			Run: func(ctx context.Context, s *Session) {
				a := s.Conn(ctx, "A")
				a.Send(ctx, "got ", s.Key("cpu")+"\n")
				a.Answer(ctx, "got "+s.Key("cpu"))
				a.InOrder(ctx)
			},
		},
		{
			ID: "frame-pipeline-many", Title: "A hundred requests in one segment, each with a reply of its own, in order",
			Requirements: ids("FRM-004"), DependsOn: ids(framePipeline),
			Blames: []Blame{content("FRM-004")},
			Run:    framePipelineMany,
		},
		{
			ID: "frame-pipeline-half", Title: "The end of one request and the beginning of the next in one segment",
			Requirements: ids("FRM-003", "FRM-004"), DependsOn: ids(framePipeline, frameSplit, "frame-bytes", "frame-wait-get"),
			Blames: []Blame{content("FRM-003")},
			Run:    framePipelineHalf,
		},
	}
}

// halfCloseCases are about wrong neighbours and the end of the requests.
func halfCloseCases() []Case {
	return []Case{
		{
			ID: "frame-wrong-neighbours", Title: "Wrong requests of every kind in one segment, each with an error of its own",
			Requirements: ids("FRM-005"), DependsOn: append(coreWrong(), framePipeline, errorReply, errorSession),
			Blames: []Blame{content("FRM-005")},
			Run:    frameWrongNeighbours,
		},
		{
			ID: "frame-half-close-one", Title: "One request, then a half-close: the reply still comes, then the end",
			Requirements: ids("FRM-007", "FRM-008"),
			Blames:       []Blame{content("FRM-007")},
			Run: func(ctx context.Context, s *Session) {
				a := s.Conn(ctx, "A")
				a.Put(ctx, s.Key("cpu"), "1.5", "7")
				a.Send(ctx, "get "+s.Key("cpu")+"\n")
				a.HalfClose(ctx)
				a.Answer(ctx, "get "+s.Key("cpu"))
				a.End(ctx)
			},
		},
		{
			ID: "frame-half-close-large", Title: "A half-close right behind many requests with large replies: all come, then the end",
			Requirements: ids("FRM-007", "FRM-008"), DependsOn: ids(framePipeline, "frame-half-close-one", "example-frame-half-close", "reply-large", "example-limit-key"),
			BuildsOn: ids(framePipeline, TwoSessions), Alone: true, Blames: []Blame{content("FRM-007"), on("FRM-007", oracle.AspectTruncated, oracle.AspectTerminator)},
			Run: frameHalfCloseLarge,
		},
		{
			ID: "frame-close-idle", Title: "A half-close without a request is answered by the end of the connection",
			Requirements: ids("FRM-008"),
			Blames:       []Blame{on("FRM-008", StillOpen)},
			Run: func(ctx context.Context, s *Session) {
				a := s.Conn(ctx, "A")
				a.HalfClose(ctx)
				a.End(ctx)
			},
		},
	}
}

func frameWaitGet(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	a.Put(ctx, cpu, "1.5", "7")
	a.Put(ctx, cpu+"0", "2.5", "7")
	a.Send(ctx, "get "+cpu)
	a.Silence(ctx)
	a.Send(ctx, "0\n")
	a.Answer(ctx, "get "+cpu+"0")
	a.InOrder(ctx)
}

func frameBytes(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	for _, line := range []string{"put " + cpu + " 1.5 7", "get " + cpu} {
		a.Send(ctx, strings.Split(line+"\n", "")...)
		a.Answer(ctx, line)
	}
	a.InOrder(ctx)
}

func framePipelineMany(ctx context.Context, s *Session) {
	const many = 50
	a := s.Conn(ctx, "A")
	var lines []string
	for i := range many {
		key := s.Key(fmt.Sprintf("cpu%d", i%5))
		lines = append(lines, fmt.Sprintf("put %s %d.5 %d", key, i, 10+i), "get "+key)
	}
	a.Send(ctx, strings.Join(lines, "\n")+"\n")
	a.answers(ctx, lines...)
	a.InOrder(ctx)
}

func framePipelineHalf(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	a.Send(ctx, "put "+cpu+" 1.5 7\nget "+cpu[:4], cpu[4:]+"\nput "+cpu+" 2.5", " 8\nget "+cpu+"\n")
	a.answers(ctx, "put "+cpu+" 1.5 7", "get "+cpu, "put "+cpu+" 2.5 8", "get "+cpu)
	a.InOrder(ctx)
}

func frameWrongNeighbours(ctx context.Context, s *Session) {
	cpu, a := s.Key("cpu"), s.Conn(ctx, "A")
	lines := []string{
		"got " + cpu, "put " + cpu + " 1.5 7", "put", "get " + cpu, "get", "put " + cpu + " 2.5 8 9",
		"put " + cpu + " 2.5 8", "put " + cpu + " high 9", "put " + cpu + " 2.5 1.5", "get " + cpu,
	}
	a.Send(ctx, strings.Join(lines, "\n")+"\n")
	a.answers(ctx, lines...)
	a.InOrder(ctx)
}
