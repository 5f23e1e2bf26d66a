package masters

import (
	"errors"
	"path/filepath"

	"github.com/spf13/pflag"

	"sloth-runner/registry/store"
)

// etcdOptions say which etcd masters share.
type etcdOptions struct{ config store.EtcdConfig }

func (o *etcdOptions) addFlags(f *pflag.FlagSet) {
	f.StringSliceVar(&o.config.Endpoints, "etcd", nil, "`URLS` of the etcd that several masters share (default: a file, for one master)")
	f.StringVar(&o.config.CA, "etcd-ca", "", "`FILE` with the authority of etcd's certificates (default: those of the system)")
	f.StringVar(&o.config.Cert, "etcd-cert", "", "`FILE` with the certificate that etcd is shown")
	f.StringVar(&o.config.Key, "etcd-key", "", "`FILE` with the key of --etcd-cert")
	f.StringVar(&o.config.Prefix, "etcd-prefix", store.DefaultEtcdPrefix, "`PREFIX` of the registry's keys in etcd")
}

// etcd is what was said; nil: nothing. Files are remembered with their whole paths: a master starts anywhere.
func (o *etcdOptions) etcd() (*store.EtcdConfig, error) {
	c := o.config
	if len(c.Endpoints) == 0 {
		if c.CA+c.Cert+c.Key != "" {
			return nil, errors.New("--etcd-ca, --etcd-cert and --etcd-key are of no use without --etcd")
		}
		return nil, nil
	}
	for _, file := range []*string{&c.CA, &c.Cert, &c.Key} {
		if *file == "" {
			continue
		}
		whole, err := filepath.Abs(*file)
		if err != nil {
			return nil, err
		}
		*file = whole
	}
	return &c, nil
}
