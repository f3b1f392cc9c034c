"""Een afnemer die zich verantwoordt: geen gegevens zonder vastlegging. Python 3.11 of nieuwer, zonder andere pakketten.

    echo '{"bsn": "999990019"}' | python3 afnemer.py                  bekende persoon: eerst vastleggen, dan vragen
    echo '{"geslachtsnaam": "Voorbeeld"}' | python3 afnemer.py        zoeken: vragen, vastleggen, dan pas tonen
"""
import base64, hashlib, hmac, json, os, sys, time, uuid
import urllib.error, urllib.request
from datetime import datetime, timezone

REGISTER = os.environ["REGISTER"]     # https://log.voorbeeldstad.example
ACTIES = REGISTER + "/bewerking/api/v1/verwerkingsacties"
AANBIEDER = os.environ["AANBIEDER"]   # https://magazijn.voorbeeldstad.example
OIN = os.environ["OIN"]               # van de eigen organisatie
FUNCTIE = "Adres bij verhuizing"      # zo heet deze functie in het register van verwerkingsactiviteiten


class Geweigerd(Exception):
    """Er is niets gevraagd, of er wordt niets getoond."""

class GeenOmleiding(urllib.request.HTTPRedirectHandler):
    redirect_request = lambda *_: None  # een BSN gaat nooit mee naar een ander adres


web = urllib.request.build_opener(GeenOmleiding)


def token(client_id, geheim):
    """Een token van de ZGW-standaarden (JWT, HS256). Het geldt een uur."""
    deel = lambda b: base64.urlsafe_b64encode(b).rstrip(b"=")
    inhoud = {"iss": client_id, "iat": int(time.time()), "client_id": client_id, "user_id": "", "user_representation": ""}
    tekst = deel(b'{"alg":"HS256","typ":"JWT"}') + b"." + deel(json.dumps(inhoud).encode())
    return (tekst + b"." + deel(hmac.digest(geheim.encode(), tekst, hashlib.sha256))).decode()


def http(methode, url, wie, body=None, **headers):
    """Geeft status en body. Status 0: er kwam geen antwoord."""
    headers |= {"Authorization": "Bearer " + token(os.environ[wie + "_CLIENT_ID"], os.environ[wie + "_GEHEIM"])}
    if body is not None:
        headers["Content-Type"] = "application/json"
    verzoek = urllib.request.Request(url, body and json.dumps(body).encode(), headers, method=methode)
    try:
        with web.open(verzoek, timeout=10) as antwoord:
            return antwoord.status, antwoord.read()
    except urllib.error.HTTPError as fout:
        return fout.code, b""
    except OSError:
        return 0, b""


def activiteit(functie):
    """Bij welke verwerkingsactiviteit de functie hoort. Een echte applicatie bewaart het antwoord een minuut."""
    status, body = http("GET", REGISTER + "/var/api/v1/functies", "REGISTER")
    for regel in json.loads(body)["results"] if status == 200 else []:
        if regel["functie"] == functie:
            return regel["activiteit"]
    raise Geweigerd("Deze functie hoort bij geen verwerkingsactiviteit, of het register is niet te bereiken.")


def leg_vast(actie, personen):
    """Komt alleen terug als de actie duurzaam is vastgelegd. Herhalen onder dezelfde sleutel legt niets dubbel vast."""
    objecten = [{"objecttype": "persoon", "soortObjectId": "BSN", "objectId": bsn, "betrokkenheid": rol, "verwerkteSoortenGegevens": []} for bsn, rol in personen]
    sleutel = str(uuid.uuid4())
    for poging in range(4):
        time.sleep(poging * 0.2)
        status, _ = http("POST", ACTIES, "REGISTER", actie | {"verwerkteObjecten": objecten}, **{"Idempotency-Key": sleutel})
        if status == 201:
            return
        if status not in (0, 429, 502, 503, 504):
            break
    raise Geweigerd("Dit is niet vastgelegd in het register, dus er is niets gevraagd of getoond. Probeer het later opnieuw.")


def raadpleeg(vraag):
    a, verwerking = activiteit(FUNCTIE), str(uuid.uuid4())
    bekend = "bsn" in vraag
    actie = {
        "actieNaam": "Ophalen persoonsgegevens" if bekend else "Zoeken personen", "handelingNaam": "", "verwerkingNaam": "Verhuizing", "verwerkingId": verwerking,
        "verwerkingsactiviteitId": a["id"], "verwerkingsactiviteitUrl": a["url"], "vertrouwelijkheid": a["vertrouwelijkheid"], "bewaartermijn": a["bewaartermijnLog"],
        "systeem": "Voorbeeld 1.0", "tijdstip": datetime.now(timezone.utc).isoformat()}
    if bekend:
        leg_vast(actie, [(vraag["bsn"], "Aanvrager")])
    headers = {"OIN": OIN, "VerwerkingsactiviteitId": a["id"], "VerwerkingsactiviteitUrl": a["url"], "VerwerkingId": verwerking,
               "Vertrouwelijkheid": a["vertrouwelijkheid"]} | ({"Bewaartermijn": a["bewaartermijnLog"]} if a["bewaartermijnLog"] else {})
    status, body = http("POST", AANBIEDER + "/personen/" + ("_raadpleeg" if bekend else "_zoek"), "AANBIEDER", vraag, **headers)
    try:
        antwoord = json.loads(body) if status == 200 else {"personen": []}
        gevonden = [(persoon["bsn"], "Getoond in zoekresultaat") for persoon in antwoord["personen"]]
    except (ValueError, KeyError, TypeError):
        raise Geweigerd("Het antwoord van de aanbieder is niet te lezen en wordt niet getoond.") from None
    if not bekend:
        leg_vast(actie, gevonden)
    if status != 200:
        raise Geweigerd(f"De aanbieder gaf geen gegevens (status {status}).")
    return antwoord


if __name__ == "__main__":
    try:
        print(json.dumps(raadpleeg(json.load(sys.stdin)), ensure_ascii=False))
    except Geweigerd as reden:
        sys.exit(str(reden))
