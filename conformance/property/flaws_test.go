package property_test

import (
	"slices"
	"strconv"
	"strings"

	"github.com/putget-protocol/putget/conformance/oracle"
	"github.com/putget-protocol/putget/conformance/property"
)

// sequential are flaws that show with one request at a time. Aspect is what is seen
// first with the seed of the tests, and steps the length of the shortest sequence that
// shows it.
var sequential = []struct {
	flaw
	level  property.Level
	aspect oracle.Aspect
	steps  int
}{
	{flaw{"ReplacedInTheMiddleLost", keepOldInTheMiddle}, property.Core, oracle.AspectValue, 4},
	{flaw{"DuplicateKept", keepBoth}, property.Core, oracle.AspectDuplicate, 3},
	{flaw{"OrderOfArrivalAfterFive", appendAfterFive}, property.Core, oracle.AspectOrder, 7},
	{flaw{"OrderAsText", sortAsText}, property.Core, oracle.AspectOrder, 3},
	{flaw{"StaleGet", staleGet}, property.Core, oracle.AspectMissingSample, 3},
	{flaw{"TornRead", tornGet}, property.Core, oracle.AspectMissingSample, 3},
	{flaw{"VisibleLater", visibleLater}, property.Core, oracle.AspectValue, 3},
	{flaw{"DataOfConnection", dataOfConnection}, property.Core, oracle.AspectMissingSample, 2},
	{flaw{"CaseFolded", foldCase}, property.Core, oracle.AspectForeignKey, 2},
	{flaw{"GetAllForgetsOne", forgetInGetAll}, property.Core, oracle.AspectMissingSample, 3},
	{flaw{"SinglePrecision", singlePrecision}, property.Core, oracle.AspectValue, 2},
	{flaw{"RefusedStored", storeRefused}, property.Full, oracle.AspectExtraSample, 2},
	{flaw{"ClosesOnWrong", closeOnWrong}, property.Full, oracle.AspectNoReply, 1},
	{flaw{"MergesNormalForms", composeAccents}, property.Full, oracle.AspectForeignKey, 2},
}

func keepOldInTheMiddle(s *store) {
	s.put = func(_ int, req oracle.Request) string {
		series := s.series[req.Key]
		if i := indexOf(series, req); i >= 0 && i < len(series)-1 {
			return okEmpty
		}
		return s.store(req)
	}
}

func keepBoth(s *store) {
	s.put = func(_ int, req oracle.Request) string {
		series := append([]oracle.Sample{sampleOf(req)}, s.series[req.Key]...)
		slices.SortStableFunc(series, byTime)
		s.series[req.Key] = series
		return okEmpty
	}
}

func appendAfterFive(s *store) {
	s.put = func(_ int, req oracle.Request) string {
		series := s.series[req.Key]
		if len(series) < 5 || indexOf(series, req) >= 0 {
			return s.store(req)
		}
		s.series[req.Key] = append(slices.Clone(series), sampleOf(req))
		return okEmpty
	}
}

func sortAsText(s *store) {
	s.get = func(_ int, key string) string {
		series := slices.Clone(s.series[key])
		slices.SortFunc(series, func(a, b oracle.Sample) int {
			return strings.Compare(oracle.FormatTimestamp(a.Timestamp), oracle.FormatTimestamp(b.Timestamp))
		})
		return show(series)
	}
}

// staleGet shows every second time what the get before has shown.
func staleGet(s *store) {
	cache := make(map[string]string)
	s.get = func(_ int, key string) string {
		if shown, ok := cache[key]; ok {
			delete(cache, key)
			return shown
		}
		cache[key] = show(s.series[key])
		return cache[key]
	}
}

// tornGet leaves the last sample out when it was shown before.
func tornGet(s *store) {
	shown := make(map[string]bool)
	s.get = func(_ int, key string) string {
		series := s.series[key]
		if len(series) > 0 && shown[key] {
			shown[key] = false
			return show(series[:len(series)-1])
		}
		shown[key] = len(series) > 0
		return show(series)
	}
}

// visibleLater shows a put to other connections only after the next put.
func visibleLater(s *store) {
	var waiting *oracle.Request
	by := 0
	flush := func() {
		if waiting != nil {
			s.store(*waiting)
			waiting = nil
		}
	}
	s.put = func(conn int, req oracle.Request) string {
		flush()
		waiting, by = &req, conn
		return okEmpty
	}
	s.get = func(conn int, key string) string {
		if conn == by {
			flush()
		}
		return show(s.series[key])
	}
	s.getAll = func(int) string {
		flush()
		return s.everything()
	}
}

func dataOfConnection(s *store) {
	own := make(map[int]*store)
	of := func(conn int) *store {
		if own[conn] == nil {
			own[conn] = newStore()
		}
		return own[conn]
	}
	s.put = func(conn int, req oracle.Request) string { return of(conn).store(req) }
	s.get = func(conn int, key string) string { return show(of(conn).series[key]) }
	s.getAll = func(conn int) string { return of(conn).everything() }
}

func foldCase(s *store) {
	s.get = func(_ int, key string) string {
		for stored, series := range s.series {
			if strings.EqualFold(stored, key) && stored != key {
				return show(series)
			}
		}
		return show(s.series[key])
	}
}

func forgetInGetAll(s *store) {
	s.getAll = func(int) string {
		var all []oracle.Sample
		for key, series := range s.series {
			if !strings.HasSuffix(key, "b") || s.series[strings.TrimSuffix(key, "b")+"a"] == nil {
				all = append(all, series...)
			}
		}
		return show(all)
	}
}

func singlePrecision(s *store) {
	s.put = func(_ int, req oracle.Request) string {
		if single := float64(float32(req.Value)); strconv.FormatFloat(single, 'g', -1, 64) != "+Inf" {
			req.Value = single
		}
		return s.store(req)
	}
}

func storeRefused(s *store) {
	s.wrong = func(_ int, line string) string {
		fields := strings.Fields(line)
		if len(fields) == 4 && fields[0] == "put" && fields[3] == "1.5" {
			if req, ok := oracle.ParseRequest([]byte(strings.Join(fields[:3], " ") + " 1")); ok {
				s.store(req)
			}
		}
		return refused
	}
}

func closeOnWrong(s *store) {
	s.wrong = func(int, string) string { return farewell }
}

func composeAccents(s *store) {
	s.get = func(_ int, key string) string {
		if series := s.series[key]; series != nil {
			return show(series)
		}
		return show(s.series[strings.ReplaceAll(key, "e\u0301", "\u00e9")])
	}
}
