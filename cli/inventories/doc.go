// Package inventories has the commands of "sloth-runner inventory": one file each, with options, a constructor and a run function.
package inventories
