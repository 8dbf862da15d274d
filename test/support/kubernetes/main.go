// Renders a kustomization as `kubectl apply -k` does, and decodes each object by Kubernetes' own types. Unknown fields,
// duplicates and wrong types are problems. Prints JSON: {"objects": [...], "problems": [...]}.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

type result struct {
	Objects  []map[string]any `json:"objects"`
	Problems []string         `json:"problems"`
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: kubernetes <folder with a kustomization.yaml>")
		os.Exit(2)
	}
	output, err := render(os.Args[1])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(output)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func render(folder string) (result, error) {
	output := result{Objects: []map[string]any{}, Problems: []string{}}
	kustomizer := krusty.MakeKustomizer(krusty.MakeDefaultOptions())
	resources, err := kustomizer.Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return output, err
	}
	decoder := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	for _, resource := range resources.Resources() {
		text, err := resource.AsYAML()
		if err != nil {
			return output, err
		}
		if _, _, err := decoder.Decode(text, nil, nil); err != nil {
			output.Problems = append(output.Problems, fmt.Sprintf("%s %s: %v", resource.GetKind(), resource.GetName(), err))
		}
		object, err := resource.Map()
		if err != nil {
			return output, err
		}
		output.Objects = append(output.Objects, object)
	}
	return output, nil
}
