// Package store keeps the persistent data of a registry: a map of keys to values, in a file or in an etcd.
//
// A Store changes by updates. Each update happens completely or not at all, also when the process or the machine stops
// at any moment. OpenFile opens a store in a bbolt file, for one master. The file is checked before it is used, because
// bbolt may crash on a damaged one. OpenEtcd opens a store in an etcd, which several masters can use at the same time:
// a Shared store.
//
// A Shared store also has live keys, which begin with LivePrefix. They belong to a lease, and are deleted when their
// master is not heard of for some seconds. Follow reports every change of other masters.
//
// Values are JSON: Get and Put read and write a value.
package store
