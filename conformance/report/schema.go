package report

import _ "embed" // for the schema

//go:embed report.schema.json
var schema string

// Schema returns the JSON Schema (draft 2020-12) of what [Report.JSON] writes. Members
// that it does not know are valid, so that reports of later versions are.
func Schema() string { return schema }
