package transfer_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"sloth-runner/proto"
	"sloth-runner/transfer"
	"sloth-runner/transfer/client"
)

// A large file and a tree of small ones go over slow and long lines, and nothing that is said beside waits for more than a quarter of a
// second.
func TestNothingElseWaits(t *testing.T) {
	for _, c := range []struct {
		rate  float64
		delay time.Duration
		size  int
	}{{125_000, 10 * time.Millisecond, 1 << 20}, {125_000, 100 * time.Millisecond, 1 << 19}, {25e6, 50 * time.Millisecond, 20 << 20}} {
		t.Run(fmt.Sprintf("%.0f,%v", c.rate, c.delay), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newProject(t)
				p.write(t, "files/large", random(c.size))
				for i := range 30 {
					p.write(t, fmt.Sprintf("files/tree/%d", i), random(2000+i))
				}
				cache := newStore(t)
				l := &line{rate: c.rate, delay: c.delay}
				e := newEnds(l)
				e.up = newPipe(&line{rate: c.rate, delay: c.delay})
				f := client.Files{Client: connect(t, p.server, "web01", e), Store: cache}
				began := time.Now()
				content, err := f.Get(t.Context(), "files/large", transfer.Digest{})
				if err != nil {
					t.Fatal(err)
				}
				content.Close()
				took := time.Since(began)
				entries, err := f.Client.List(t.Context(), "files/tree")
				if err != nil {
					t.Fatal(err)
				}
				err = f.Each(t.Context(), "files/tree", entries[1:], func(transfer.Entry, *client.Content) error { return nil })
				if err != nil {
					t.Fatal(err)
				}
				ideal := float64(c.size)/c.rate + (4 * c.delay).Seconds()
				t.Logf("%v for %d bytes (%.2f of the ideal), longest queue %v; the tree %v", took, c.size, took.Seconds()/ideal, l.longest, time.Since(began)-took)
				if l.longest > 250*time.Millisecond {
					t.Errorf("something else would have waited for %v", l.longest)
				}
				if took.Seconds() > 1.5*ideal+1 {
					t.Errorf("it took %v, and the line needs %.1f s", took, ideal)
				}
			})
		})
	}
}

// A thousand small files over a long line need few round trips.
func TestRoundTripsOfATree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProject(t)
		for i := range 1000 {
			p.write(t, fmt.Sprintf("files/tree/%02d/%d", i%50, i), random(1000))
		}
		cache := newStore(t)
		const roundTrip = 100 * time.Millisecond
		e := &ends{down: newPipe(&line{rate: 1e9, delay: roundTrip / 2}), up: newPipe(&line{rate: 1e9, delay: roundTrip / 2})}
		f := client.Files{Client: connect(t, p.server, "web01", e), Store: cache}
		began := time.Now()
		entries, err := f.Client.List(t.Context(), "files/tree")
		if err != nil {
			t.Fatal(err)
		}
		var files []transfer.Entry
		for _, entry := range entries {
			if entry.Mode.IsRegular() {
				files = append(files, entry)
			}
		}
		err = f.Each(t.Context(), "files/tree", files, func(_ transfer.Entry, content *client.Content) error {
			_, err := io.Copy(io.Discard, content)
			return err
		})
		if err != nil || len(files) != 1000 {
			t.Fatal(len(files), err)
		}
		trips := float64(time.Since(began)) / float64(roundTrip)
		t.Logf("%.1f round trips", trips)
		if trips > 6.5 {
			t.Errorf("%.1f round trips", trips)
		}
	})
}

// The end of the operator ends what waits on the host.
func TestEndOfTheCall(t *testing.T) {
	e := newEnds(nil)
	c := client.New(hostEnd{e})
	running := make(chan error, 1)
	go func() { running <- c.Run() }()
	waiting := make(chan error, 1)
	go func() {
		_, err := c.List(t.Context(), "files")
		waiting <- err
	}()
	request := &proto.FilesFromHost{}
	if err := e.up.recv(request); err != nil || request.GetList() == nil {
		t.Fatal(request, err)
	}
	e.close()
	if err := <-running; err != nil {
		t.Error(err)
	}
	if err := <-waiting; !errors.Is(err, client.ErrEnded) {
		t.Errorf("what waited ended with %v", err)
	}
	if _, err := c.List(t.Context(), "files"); !errors.Is(err, client.ErrEnded) {
		t.Errorf("what came later ended with %v", err)
	}
}
