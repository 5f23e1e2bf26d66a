package agent

import (
	"context"
	"fmt"
)

// ResultDone is the result of a run without a failure.
const ResultDone = "done"

// result returns in one line how the session ended, for the audit log.
func (s *session) result(ctx context.Context, err error) string {
	switch failed := s.queue.failed(); {
	case err != nil:
		return "lost: the operator went away"
	case s.failure != nil:
		return "failed: " + s.failure.GetReason()
	case ctx.Err() != nil:
		return "cancelled: " + context.Cause(ctx).Error()
	case failed > 0:
		return fmt.Sprintf("failed: %d tasks", failed)
	}
	return ResultDone
}
