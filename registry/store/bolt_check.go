package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// The layout of bbolt's files, in the byte order of the machine: pages of one size, of which each begins with its number, its
// kind, a count, and how many pages it goes on for. The first two say which of all count; the one with the later
// transaction holds. See bbolt's internal/common.
const (
	pageHeader    = 16
	metaLength    = 64
	elementLength = 16
	branchPage    = 0x01
	leafPage      = 0x02
	metaPage      = 0x04
	freePage      = 0x10
	bucketElement = 0x01
	bucketHeader  = 16
	boltMagic     = 0xED0CDAED
	boltVersion   = 2
	maxDepth      = 64
)

var order = binary.NativeEndian

// boltMeta is one of the two first pages.
type boltMeta struct{ pageSize, root, free, pages, transaction uint64 }

// boltCheck reads a file as bbolt would, and trusts nothing in it.
type boltCheck struct {
	file   io.ReaderAt
	meta   boltMeta
	seen   map[uint64]bool // pages that are in use or free
	last   []byte          // the key before
	digest uint64
}

// checkFile says what is wrong with a file of bbolt; nil: all entries are there that were written.
func checkFile(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	c := &boltCheck{file: file, seen: map[uint64]bool{}}
	if c.meta, err = readMetas(file, info.Size()); err != nil {
		return err
	}
	root, err := c.bucketRoot()
	if err != nil {
		return err
	}
	if err := c.freeList(); err != nil {
		return err
	}
	for page := uint64(2); page < c.meta.pages; page++ {
		if !c.seen[page] {
			return fmt.Errorf("page %d is neither in use nor free", page)
		}
	}
	if root != 0 && root != c.digest {
		return errors.New("its entries are not those that were written")
	}
	return nil
}

// readMetas reads the two pages that say what counts. They are written one after the other, each in one sector of the disk:
// both are whole unless something has damaged them.
func readMetas(file io.ReaderAt, size int64) (boltMeta, error) {
	first, err := readMeta(file, 0)
	if err != nil {
		return boltMeta{}, err
	}
	if first.pageSize < 512 || first.pageSize > 1<<20 {
		return boltMeta{}, errors.New("its pages have no size")
	}
	second, err := readMeta(file, int64(first.pageSize))
	if err != nil {
		return boltMeta{}, err
	}
	m := first
	if second.transaction > first.transaction {
		m = second
	}
	if m.pages < 4 || m.pages > uint64(size)/m.pageSize {
		return boltMeta{}, fmt.Errorf("it has %d bytes, and needs %d", size, m.pages*m.pageSize)
	}
	return m, nil
}

func readMeta(file io.ReaderAt, at int64) (boltMeta, error) {
	page := make([]byte, pageHeader+metaLength)
	if _, err := file.ReadAt(page, at); err != nil {
		return boltMeta{}, errors.New("its first pages are not whole")
	}
	m := page[pageHeader:]
	sum := fnv.New64a()
	_, _ = sum.Write(m[:metaLength-8]) // a hash takes all
	if order.Uint16(page[8:]) != metaPage || order.Uint32(m) != boltMagic || order.Uint32(m[4:]) != boltVersion || order.Uint64(m[metaLength-8:]) != sum.Sum64() {
		return boltMeta{}, fmt.Errorf("the page at byte %d is not what was written", at)
	}
	return boltMeta{
		pageSize: uint64(order.Uint32(m[8:])), root: order.Uint64(m[16:]), free: order.Uint64(m[32:]),
		pages: order.Uint64(m[40:]), transaction: order.Uint64(m[48:]),
	}, nil
}

// bucketRoot goes through the one bucket with all its pages, and returns the digest that was written; 0: none was.
func (c *boltCheck) bucketRoot() (written uint64, err error) {
	found := false
	err = c.tree(c.meta.root, 0, func(flags uint32, key, value []byte) error {
		if flags != bucketElement || !bytes.Equal(key, bucket) || len(value) < bucketHeader || found {
			return errors.New("it has entries of something else")
		}
		found = true
		c.last = nil
		written, c.digest = order.Uint64(value[8:]), noEntries
		entry := func(flags uint32, key, value []byte) error {
			if flags != 0 {
				return errors.New("an entry is of an unknown kind")
			}
			c.digest ^= digestOf(key, value)
			return nil
		}
		if root := order.Uint64(value); root != 0 {
			return c.tree(root, 0, entry)
		}
		// A small bucket is a page in the entry.
		if len(value) < bucketHeader+pageHeader {
			return errors.New("its bucket is not whole")
		}
		return c.leaf(value[bucketHeader:], entry)
	})
	return written, err
}

type visitEntry func(flags uint32, key, value []byte) error

// tree visits all entries below a page, which must be in their order.
func (c *boltCheck) tree(number uint64, depth int, visit visitEntry) error {
	page, err := c.page(number)
	if err != nil {
		return err
	}
	switch kind := order.Uint16(page[8:]); {
	case kind == leafPage:
		return c.leaf(page, visit)
	case kind != branchPage || depth > maxDepth || order.Uint16(page[10:]) == 0:
		return fmt.Errorf("page %d is of another kind than it was", number)
	}
	for i := range int(order.Uint16(page[10:])) {
		at := pageHeader + i*elementLength
		if at+elementLength > len(page) {
			return fmt.Errorf("page %d is not whole", number)
		}
		key, err := part(page, at, order.Uint32(page[at:]), order.Uint32(page[at+4:]))
		if err != nil {
			return err
		}
		// What is before is below the branch before; what is below this one begins with its key.
		if c.last != nil && bytes.Compare(c.last, key) >= 0 {
			return fmt.Errorf("page %d is not in order", number)
		}
		first := key
		err = c.tree(order.Uint64(page[at+8:]), depth+1, func(flags uint32, key, value []byte) error {
			if bytes.Compare(key, first) < 0 {
				return fmt.Errorf("page %d is not in order", number)
			}
			return visit(flags, key, value)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *boltCheck) leaf(page []byte, visit visitEntry) error {
	if order.Uint16(page[8:]) != leafPage {
		return errors.New("a page is of another kind than it was")
	}
	for i := range int(order.Uint16(page[10:])) {
		at := pageHeader + i*elementLength
		if at+elementLength > len(page) {
			return errors.New("a page is not whole")
		}
		offset, keyLength, length := order.Uint32(page[at+4:]), order.Uint32(page[at+8:]), order.Uint32(page[at+12:])
		key, err := part(page, at, offset, keyLength)
		if err != nil {
			return err
		}
		value, err := part(page, at+int(keyLength), offset, length)
		if err != nil {
			return err
		}
		if c.last != nil && bytes.Compare(c.last, key) >= 0 {
			return errors.New("its entries are not in order")
		}
		c.last = bytes.Clone(key)
		if err := visit(order.Uint32(page[at:]), key, value); err != nil {
			return err
		}
	}
	return nil
}

// part is a piece of a page, by its distance from a place in it.
func part(page []byte, from int, offset, length uint32) ([]byte, error) {
	begin := uint64(from) + uint64(offset)
	if end := begin + uint64(length); end <= uint64(len(page)) {
		return page[begin:end], nil
	}
	return nil, errors.New("an entry goes beyond its page")
}

// page reads a page with those that it goes on for.
func (c *boltCheck) page(number uint64) ([]byte, error) {
	if number < 2 || number >= c.meta.pages {
		return nil, fmt.Errorf("there is no page %d", number)
	}
	header := make([]byte, pageHeader)
	if _, err := c.file.ReadAt(header, int64(number*c.meta.pageSize)); err != nil {
		return nil, err
	}
	more := uint64(order.Uint32(header[12:]))
	if order.Uint64(header) != number || more >= c.meta.pages-number {
		return nil, fmt.Errorf("page %d is not what was written", number)
	}
	for n := number; n <= number+more; n++ {
		if c.seen[n] {
			return nil, fmt.Errorf("page %d is used twice", n)
		}
		c.seen[n] = true
	}
	page := make([]byte, (more+1)*c.meta.pageSize)
	_, err := c.file.ReadAt(page, int64(number*c.meta.pageSize))
	return page, err
}

// freeList reads which pages are not in use. A page of the list of before it was written is free as well.
func (c *boltCheck) freeList() error {
	page, err := c.page(c.meta.free)
	if err != nil {
		return err
	}
	if order.Uint16(page[8:]) != freePage {
		return errors.New("the list of free pages is not what was written")
	}
	count, at := uint64(order.Uint16(page[10:])), pageHeader
	if count == 0xffff {
		count, at = order.Uint64(page[at:]), at+8
	}
	if count > uint64(len(page)-at)/8 {
		return errors.New("the list of free pages is not whole")
	}
	for i := range int(count) {
		free := order.Uint64(page[at+8*i:])
		if free < 2 || free >= c.meta.pages || c.seen[free] {
			return fmt.Errorf("page %d is in use, and is said to be free", free)
		}
		c.seen[free] = true
	}
	return nil
}
