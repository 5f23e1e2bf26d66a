package stack

import (
	"reflect"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// The frame that is read is the one that gopher-lua has.
func TestFrame(t *testing.T) {
	field, ok := reflect.TypeFor[lua.LState]().FieldByName("currentFrame")
	if !ok || field.Type.Kind() != reflect.Pointer {
		t.Fatal("a state has no pointer currentFrame")
	}
	theirs, ours := field.Type.Elem(), reflect.TypeFor[Frame]()
	if theirs.NumField() != ours.NumField() {
		t.Fatalf("%d fields, want %d", ours.NumField(), theirs.NumField())
	}
	for i := range theirs.NumField() {
		want, got := theirs.Field(i), ours.Field(i)
		if got.Name != want.Name || got.Offset != want.Offset || got.Type.Kind() != want.Type.Kind() {
			t.Errorf("field %d is %s %s, want %s %s", i, got.Name, got.Type, want.Name, want.Type)
		}
	}
	table := reflect.TypeFor[lua.LTable]()
	if array, ok := table.FieldByName("array"); !ok || array.Type != reflect.TypeFor[[]lua.LValue]() {
		t.Error("a table has no array")
	}
	if keys, ok := table.FieldByName("k2i"); !ok || keys.Type != reflect.TypeFor[map[lua.LValue]int]() {
		t.Error("a table has no k2i")
	}
}
