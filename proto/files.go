package proto

// FilesCall is the operator's end of Agent.Files.
type FilesCall interface {
	Send(*FilesFromOperator) error
	Recv() (*FilesFromHost, error)
}
