package agent

import (
	"context"
	"runtime"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"sloth-runner/agent/process"
	"sloth-runner/proto"
	"sloth-runner/trust/authz"
)

// Describe returns the description of the agent.
func (s *Service) Describe(context.Context, *proto.DescribeRequest) (*proto.AgentDescription, error) {
	return &proto.AgentDescription{
		Version: s.Version, Protocol: proto.ProtocolVersion, Os: runtime.GOOS, Arch: runtime.GOARCH,
		Account: process.AccountName(), Runs: uint32(s.Runs()),
	}, nil
}

// Certify replaces the certificate of the agent.
func (s *Service) Certify(ctx context.Context, request *proto.CertifyRequest) (*proto.CertifyResponse, error) {
	if s.UseCertificate == nil {
		return nil, status.Error(codes.FailedPrecondition, "this agent has no certificate of its own")
	}
	made, err := s.UseCertificate(ctx, request.GetCertificate())
	if err != nil {
		return nil, authz.Status(codes.FailedPrecondition, err)
	}
	return &proto.CertifyResponse{Request: made}, nil
}
