package openapitest

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// checkKnown reports the first field in a JSON body that no schema names. The validator lets extra
// fields pass, as OpenAPI asks; but the register serves what its document says and nothing more.
func checkKnown(schema *openapi3.Schema, body []byte) error {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return known(schema, v, "")
}

func known(schema *openapi3.Schema, v any, at string) error {
	switch v := v.(type) {
	case map[string]any:
		for _, ref := range schema.OneOf { // it fits one of these, the validator saw to that
			if err := known(ref.Value, v, at); err == nil {
				return nil
			}
		}
		props := map[string]*openapi3.Schema{}
		properties(schema, props)
		for name, x := range v {
			sub, ok := props[name]
			if !ok {
				return fmt.Errorf("%s/%s is not in the document", at, name)
			}
			if err := known(sub, x, at+"/"+name); err != nil {
				return err
			}
		}
	case []any:
		if schema.Items == nil {
			return fmt.Errorf("%s is a list, not so in the document", at)
		}
		for i, x := range v {
			if err := known(schema.Items.Value, x, at+"/"+strconv.Itoa(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// properties gathers the properties of a schema and of all it is composed of.
func properties(schema *openapi3.Schema, into map[string]*openapi3.Schema) {
	for name, ref := range schema.Properties {
		into[name] = ref.Value
	}
	for _, ref := range schema.AllOf {
		properties(ref.Value, into)
	}
}
