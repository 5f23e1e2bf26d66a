// Package store keeps what a registry must not lose: a map of keys to values, in a file or in an etcd.
//
// A Store changes by updates, each of which happens whole or not at all, also when the process or the machine ends at any
// moment. OpenFile opens one in a file of bbolt, for one master. Such a file is checked before it is used, since bbolt does
// not survive a damaged one. OpenEtcd opens one in an etcd, which several masters use at the same time: a Shared store.
//
// A Shared store also has live keys, which begin with LivePrefix. They belong to a lease, and are deleted when their master
// is not heard of any more. Follow tells of every change that other masters make.
//
// Values are JSON: Get and Put read and write one.
package store
