package agent

import "fmt"

// ResultDone is the result of a run without a failure.
const ResultDone = "done"

// result returns in one line how the session ended, for the audit log. The operator leaves as soon as it has the last event,
// so a stream that has ended by now says nothing.
func (s *session) result(err error) string {
	switch failed := s.queue.failed(); {
	case err != nil:
		return "lost: the operator went away"
	case s.failure != nil:
		return "failed: " + s.failure.GetReason()
	case s.interrupted != nil:
		return "cancelled: " + s.interrupted.Error()
	case failed > 0:
		return fmt.Sprintf("failed: %d tasks", failed)
	}
	return ResultDone
}
