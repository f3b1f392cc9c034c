package openapitest

import (
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// The formats of the documents, strictly. The validator has no uuid, uri or duration of its own and
// its date-time takes the 31st of February. They are written here apart from the product's own
// checks, so that a mistake in those does not go unnoticed.
func init() {
	openapi3.DefineStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(
		`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`))
	openapi3.DefineStringFormatValidator("uri", openapi3.NewCallbackValidator(uri))
	openapi3.DefineStringFormatValidator("duration", openapi3.NewCallbackValidator(duration))
	openapi3.DefineStringFormatValidator("date", openapi3.NewCallbackValidator(date))
	openapi3.DefineStringFormatValidator("date-time", openapi3.NewCallbackValidator(moment))
}

func uri(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || (u.Host == "" && u.Opaque == "") {
		return errors.New("not an absolute URI")
	}
	return nil
}

var durationShape = regexp.MustCompile(
	`^P(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$`)

func duration(s string) error {
	if !durationShape.MatchString(s) || s == "P" || s[len(s)-1] == 'T' {
		return errors.New("not an ISO 8601 duration")
	}
	return nil
}

func date(s string) error {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return errors.New("not a calendar day")
	}
	return nil
}

var momentShape = regexp.MustCompile(
	`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-](\d{2}):(\d{2}))$`)

func moment(s string) error {
	m := momentShape.FindStringSubmatch(s)
	if m == nil {
		return errors.New("not an RFC 3339 date-time with a zone")
	}
	for i, limit := range map[int]int{3: 23, 4: 59} {
		if n, err := strconv.Atoi(m[i]); m[i] != "" && (err != nil || n > limit) {
			return errors.New("not a zone")
		}
	}
	if _, err := time.Parse(time.RFC3339Nano, s); err != nil {
		return errors.New("not an existing moment")
	}
	return nil
}
