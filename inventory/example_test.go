package inventory_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"sloth-runner/inventory"
)

func Example() {
	dir, err := os.MkdirTemp("", "inventory")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "hosts.ini")
	text := "[web]\nweb-[1:2].example.com ansible_port=2222\n[web:vars]\nansible_user=deploy\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	inv, err := inventory.Read(context.Background(), []string{file})
	if err != nil {
		fmt.Println(err)
		return
	}
	targets, err := inv.Resolve(context.Background(), []string{"web", "root@10.0.0.9,10.0.0.8:50051"}, inventory.Defaults{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, target := range targets {
		fmt.Println(target.Name, target.Address, target.SSH.User)
	}
	// Output:
	// web-1.example.com web-1.example.com:2222 deploy
	// web-2.example.com web-2.example.com:2222 deploy
	// root@10.0.0.9 10.0.0.9:22 root
	// 10.0.0.8:50051 10.0.0.8:50051
}
