// Package dienst is the HTTP of C2SP tlog-witness: what a witness answers, and how a register asks one.
package dienst

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/verantwoord/verantwoord/internal/bewijs"
	"github.com/verantwoord/verantwoord/internal/getuige"
)

const (
	pad       = "/add-checkpoint"
	tekstType = "text/plain; charset=utf-8"
	// grootteType is the type of an answer that tells the size of the checkpoint that was cosigned last.
	grootteType = "text/x.tlog.size"
	// tegelijk is how many requests are looked at side by side; each syncs a disk.
	tegelijk = 64
)

// Handler answers for a witness at the paths below voor, "" or one that begins with a slash.
func Handler(g *getuige.Getuige, voor string, logger *slog.Logger) http.Handler {
	h := &handler{g, logger, make(chan struct{}, tegelijk)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+voor+pad, h.voeg)
	mux.HandleFunc("GET "+voor+"/{$}", h.toon)
	return mux
}

type handler struct {
	g      *getuige.Getuige
	logger *slog.Logger
	plaats chan struct{}
}

// voeg is add-checkpoint. There is no sign-in: the signature of the log says whose the request is.
func (h *handler) voeg(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, getuige.MaxVerzoek))
	if err != nil {
		antwoord(w, http.StatusBadRequest, "Het verzoek is te groot of kwam niet heel over.")
		return
	}
	select { // only now: who sends slowly keeps no place
	case h.plaats <- struct{}{}:
		defer func() { <-h.plaats }()
	default:
		w.Header().Set("Retry-After", "5")
		antwoord(w, http.StatusServiceUnavailable, "Het is te druk; probeer het over vijf seconden opnieuw.")
		return
	}
	regels, err := h.g.Voeg(b)
	var botsing *getuige.Botsing
	log := func(niveau slog.Level, wat string) {
		v, _ := getuige.ParseVerzoek(b)
		h.logger.Log(r.Context(), niveau, wat, "log", bewijs.OriginVan(v.Checkpoint), "oorzaak", err.Error())
	}
	switch {
	case err == nil:
		w.Header().Set("Content-Type", tekstType)
		_, _ = w.Write(regels) // an error means that the client went away
	case errors.As(err, &botsing):
		if botsing.Anders {
			log(slog.LevelError, "a log has two faces: not cosigned")
		}
		w.Header().Set("Content-Type", grootteType)
		w.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(w, strconv.FormatUint(botsing.Grootte, 10)+"\n")
	case errors.Is(err, getuige.ErrVerzoek):
		antwoord(w, http.StatusBadRequest, "Het verzoek is niet te lezen; het hoort te zijn zoals C2SP tlog-witness zegt.")
	case errors.Is(err, getuige.ErrOnbekend):
		antwoord(w, http.StatusNotFound, "Deze log is niet bij de getuige bekend; vraag de beheerder haar toe te voegen.")
	case errors.Is(err, bewijs.ErrHandtekening):
		log(slog.LevelWarn, "a checkpoint is not signed by its log: not cosigned")
		antwoord(w, http.StatusForbidden, "Geen van de sleutels die de getuige kent heeft dit ondertekend; geef de beheerder de nieuwe sleutel.")
	case errors.Is(err, bewijs.ErrBewijs):
		log(slog.LevelWarn, "a log does not continue what was seen: not cosigned")
		antwoord(w, http.StatusUnprocessableEntity, "De log bouwt niet voort op wat de getuige eerder heeft gezien.")
	default:
		h.logger.Error("cosign", "oorzaak", err.Error())
		antwoord(w, http.StatusInternalServerError, "De getuige kan nu niets bewaren en ondertekent dus niet; probeer het later opnieuw.")
	}
}

func antwoord(w http.ResponseWriter, status int, zin string) {
	w.Header().Set("Content-Type", tekstType)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, zin+"\n")
}

// toon says who this is and what it saw: anybody may hold that against what a log shows.
func (h *handler) toon(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", tekstType)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	fmt.Fprintf(w, "Getuige %s\n\nOpenbare sleutel:\n%s\n\nWat deze getuige het laatst heeft medeondertekend:\n", h.g.Name(), h.g.Publiek())
	for _, l := range h.g.Logs() {
		if l.Moment.IsZero() {
			fmt.Fprintf(w, "\n%s\n  nog niets\n", l.Origin)
			continue
		}
		fmt.Fprintf(w, "\n%s\n  %d bladen, wortel %x, op %s\n", l.Origin, l.Grootte, l.Wortel[:], l.Moment.Format(time.RFC3339))
	}
}
