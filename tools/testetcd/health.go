package testetcd

import (
	"context"
	"io"
	"net/http"
	"strings"
)

// healthy asks a member for its health (https://etcd.io/docs/v3.5/op-guide/monitoring/#health-check).
func healthy(ctx context.Context, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/health", nil)
	if err != nil {
		return false
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	return err == nil && strings.Contains(string(text), "true")
}
