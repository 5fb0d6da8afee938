// Prints, for every struct of the served API, how Go holds each JSON field: its type as encoding/json names it in
// errors, whether it is a pointer, and what is left out when empty. The OpenAPI document does not say.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type fields map[string][3]string // JSON name -> Go type, flags (p pointer, e omitempty, z omitzero), embedded structs

func schemaName(t reflect.Type) string {
	return "io." + strings.ReplaceAll(t.PkgPath(), "/", ".") + "." + t.Name()
}

func main() {
	all := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{scheme.AddToScheme, apiextensions.AddToScheme, apiregistration.AddToScheme} {
		if err := add(all); err != nil {
			panic(err)
		}
	}
	structs := map[string]fields{}
	for _, t := range all.AllKnownTypes() {
		visit(t, structs)
	}
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(structs); err != nil {
		panic(err)
	}
}

func visit(t reflect.Type, structs map[string]fields) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		visit(t.Elem(), structs)
	case reflect.Struct:
		name := strings.Replace(schemaName(t), "io.k8s.io.", "io.k8s.", 1)
		if _, seen := structs[name]; seen {
			return
		}
		structs[name] = fields{}
		collect(t, "", structs[name], structs)
	}
}

func collect(t reflect.Type, embedded string, into fields, structs map[string]fields) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := strings.Split(f.Tag.Get("json"), ",")
		if tag[0] == "-" || !f.IsExported() {
			continue
		}
		if f.Anonymous && tag[0] == "" && f.Type.Kind() == reflect.Struct {
			collect(f.Type, embedded+f.Type.Name()+".", into, structs)
			continue
		}
		if tag[0] == "" {
			continue
		}
		visit(f.Type, structs)
		flags, held := "", f.Type
		for _, option := range tag[1:] {
			flags += map[string]string{"omitempty": "e", "omitzero": "z"}[option]
		}
		if held.Kind() == reflect.Pointer {
			flags, held = flags+"p", held.Elem()
		}
		into[tag[0]] = [3]string{held.String(), flags, embedded}
	}
}
