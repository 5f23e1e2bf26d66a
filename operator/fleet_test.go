package operator

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"sloth-runner/proto"
	"sloth-runner/registry/client"
	"sloth-runner/trust"
)

func open(t *testing.T, dir string) *Fleet {
	t.Helper()
	f, err := Open(filepath.Join(dir, "operator"), filepath.Join(dir, "cache"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// What is added and made is there at the next start, and nobody else may read it.
func TestWhatIsKept(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	if f.Holder() != nil || f.Connection() != nil || f.Authority() != nil {
		t.Error("a new machine is somebody")
	}
	if err := f.Init("anna", time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := f.Add(&proto.RegisteredAgent{Name: "web-1", Address: "10.0.0.1:50051", Tags: map[string]string{"role": "web"}}); err != nil {
		t.Fatal(err)
	}
	if err := f.Add(&proto.RegisteredAgent{Name: "web-1", Address: "10.0.0.2:50051"}); err != nil {
		t.Fatal(err)
	}
	if err := f.Add(&proto.RegisteredAgent{Name: "../web", Address: "10.0.0.1:50051"}); err == nil {
		t.Error("a path is a name")
	}
	f = open(t, dir)
	if got := f.Holder().Current().Identity; got != (trust.Identity{Role: trust.Operator, Name: "anna"}) {
		t.Errorf("the operator is %v", got)
	}
	if added := f.Added(); len(added) != 1 || added[0].GetAddress() != "10.0.0.2:50051" {
		t.Errorf("agents are %v", added)
	}
	if err := f.Init("berta", time.Now()); err == nil || !strings.Contains(err.Error(), "operator anna already") {
		t.Errorf("made anew: %v", err)
	}
	for _, path := range []string{"", "key.pem", "authority/authority-key.pem", "fleet.json"} {
		info, err := os.Stat(filepath.Join(dir, "operator", path))
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%q: %v, %v", path, info.Mode(), err)
		}
	}
	if forgotten, err := f.Forget("web-1"); !forgotten || err != nil {
		t.Errorf("forget: %v, %v", forgotten, err)
	}
	if forgotten, err := f.Forget("web-1"); forgotten || err != nil {
		t.Errorf("forget again: %v, %v", forgotten, err)
	}
}

// An operator who is his own authority never has a certificate that is about to end.
func TestOwnCertificateIsRenewed(t *testing.T) {
	dir := t.TempDir()
	if err := open(t, dir).Init("anna", time.Now().Add(-trust.MaxLife/2)); err != nil {
		t.Fatal(err)
	}
	before := time.Now().Add(trust.MaxLife * 2 / 3)
	if end := open(t, dir).Holder().Current().Cert.NotAfter; end.Before(before) {
		t.Errorf("it ends at %v", end)
	}
}

// Without a master that answers, its last list holds, of which nobody knows the states; agents that were added by hand
// come first.
func TestSilentMaster(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	if err := f.Init("anna", time.Now()); err != nil {
		t.Fatal(err)
	}
	data, err := protojson.Marshal(&proto.ListResponse{Agents: []*proto.RegisteredAgent{
		{Name: "web-1", Address: "10.0.0.1:50051", State: proto.RegisteredAgent_ACTIVE},
		{Name: "web-2", Address: "10.0.0.2:50051", State: proto.RegisteredAgent_ACTIVE},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := trust.WriteFile(filepath.Join(dir, "cache"), lastFile, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.Add(&proto.RegisteredAgent{Name: "web-1", Address: "10.9.9.9:50051"}); err != nil {
		t.Fatal(err)
	}
	masters := client.NewMasters(f.Holder(), []string{refusing(t)})
	defer masters.Close()
	list, err := f.Agents(t.Context(), masters)
	if err != nil {
		t.Fatal(err)
	}
	if list.Silent == nil || list.Fresh {
		t.Error("nothing is said of the master that does not answer")
	}
	if len(list.Agents) != 2 || list.Agents[0].GetAddress() != "10.9.9.9:50051" || list.Agents[1].GetState() != proto.RegisteredAgent_UNKNOWN {
		t.Errorf("agents are %v", list.Agents)
	}
}

// refusing is an address where nobody listens.
func refusing(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
