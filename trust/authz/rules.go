package authz

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/grpc"

	"sloth-runner/trust"
)

// Kinds of callers besides the roles of certificates. No certificate can have them.
const (
	// Administrator is a caller on the local socket.
	Administrator trust.Role = "administrator"
	// Anyone in a rule stands for every caller, also one without a certificate.
	Anyone trust.Role = "anyone"
)

// Rules are the roles that may call each method. Methods have gRPC's names: /slothrunner.v1.Registry/List.
type Rules map[string][]trust.Role

// Missing returns the methods of a service without a rule.
func (r Rules) Missing(service grpc.ServiceDesc) []string {
	var missing []string
	add := func(method string) {
		if full := "/" + service.ServiceName + "/" + method; len(r[full]) == 0 {
			missing = append(missing, full)
		}
	}
	for _, method := range service.Methods {
		add(method.MethodName)
	}
	for _, stream := range service.Streams {
		add(stream.StreamName)
	}
	return missing
}

func (r Rules) allow(method string, role trust.Role) bool {
	return slices.Contains(r[method], role) || slices.Contains(r[method], Anyone)
}

// takes returns the roles that may call a method as text: an operator or the administrator.
func (r Rules) takes(method string) string {
	var roles []string
	for _, role := range r[method] {
		switch role {
		case Administrator:
			roles = append(roles, "the administrator, on the machine itself")
		case trust.Operator, trust.Agent:
			roles = append(roles, "an "+string(role))
		default:
			roles = append(roles, "a "+string(role))
		}
	}
	if len(roles) == 0 {
		return "nobody"
	}
	return strings.Join(roles, " or ")
}

// forbid returns the error for a caller whose role is not in the rule.
func (r Rules) forbid(who trust.Identity, method string) error {
	return fmt.Errorf("%s may not call %s: that takes %s", nameOf(who), base(method), r.takes(method))
}

// base returns the method's name without its service.
func base(method string) string { return method[strings.LastIndex(method, "/")+1:] }

func nameOf(who trust.Identity) string {
	switch {
	case who.Role == Administrator:
		return "the administrator"
	case who.Role == "":
		return "a caller without a certificate"
	}
	return who.String()
}
