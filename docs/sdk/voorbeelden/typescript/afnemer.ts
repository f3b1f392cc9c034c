// Een afnemer die zich verantwoordt: geen gegevens zonder vastlegging. Node 18 of nieuwer, zonder andere pakketten.
//
//   echo '{"bsn": "999990019"}' | node afnemer.mjs               bekende persoon: eerst vastleggen, dan vragen
//   echo '{"geslachtsnaam": "Voorbeeld"}' | node afnemer.mjs     zoeken: vragen, vastleggen, dan pas tonen
import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

type Activiteit = { id: string; url: string; bewaartermijnLog: string | null; vertrouwelijkheid: string };
type Persoon = { bsn: string };
type Vraag = { bsn?: string; [veld: string]: unknown };
type Antwoord = { status: number; body: string }; // status 0: er kwam geen antwoord

class Geweigerd extends Error {} // er is niets gevraagd, of er wordt niets getoond

function instelling(naam: string): string {
  const waarde = process.env[naam];
  if (!waarde) throw new Geweigerd(`De instelling ${naam} ontbreekt.`);
  return waarde;
}

const FUNCTIE = "Adres bij verhuizing"; // zo heet deze functie in het register van verwerkingsactiviteiten

/** Een token van de ZGW-standaarden (JWT, HS256). Het geldt een uur. */
function token(clientId: string, geheim: string): string {
  const deel = (o: object) => Buffer.from(JSON.stringify(o)).toString("base64url");
  const inhoud = { iss: clientId, iat: Math.floor(Date.now() / 1000), client_id: clientId, user_id: "", user_representation: "" };
  const tekst = deel({ alg: "HS256", typ: "JWT" }) + "." + deel(inhoud);
  return tekst + "." + createHmac("sha256", geheim).update(tekst).digest("base64url");
}

async function http(methode: string, url: string, wie: "REGISTER" | "AANBIEDER", body?: object, extra: Record<string, string> = {}): Promise<Antwoord> {
  const headers: Record<string, string> = { ...extra, Authorization: "Bearer " + token(instelling(wie + "_CLIENT_ID"), instelling(wie + "_GEHEIM")) };
  if (body) headers["Content-Type"] = "application/json";
  try {
    // Geen omleiding: een BSN gaat nooit mee naar een ander adres.
    const antwoord = await fetch(url, { method: methode, headers, body: body && JSON.stringify(body), redirect: "manual", signal: AbortSignal.timeout(10_000) });
    return { status: antwoord.status, body: await antwoord.text() };
  } catch {
    return { status: 0, body: "" };
  }
}

/** Bij welke verwerkingsactiviteit de functie hoort. Een echte applicatie bewaart het antwoord een minuut. */
async function activiteit(functie: string): Promise<Activiteit> {
  const { status, body } = await http("GET", instelling("REGISTER") + "/var/api/v1/functies", "REGISTER");
  const regels: { functie: string; activiteit: Activiteit }[] = status === 200 ? JSON.parse(body).results : [];
  const regel = regels.find((r) => r.functie === functie);
  if (!regel) throw new Geweigerd("Deze functie hoort bij geen verwerkingsactiviteit, of het register is niet te bereiken.");
  return regel.activiteit;
}

/** Komt alleen terug als de actie duurzaam is vastgelegd. Herhalen onder dezelfde sleutel legt niets dubbel vast. */
async function legVast(actie: object, bsns: string[], betrokkenheid: string): Promise<void> {
  const verwerkteObjecten = bsns.map((objectId) => ({ objecttype: "persoon", soortObjectId: "BSN", objectId, betrokkenheid, verwerkteSoortenGegevens: [] }));
  const sleutel = randomUUID();
  for (let poging = 0; poging < 4; poging++) {
    await new Promise((klaar) => setTimeout(klaar, poging * 200));
    const { status } = await http("POST", instelling("REGISTER") + "/bewerking/api/v1/verwerkingsacties", "REGISTER", { ...actie, verwerkteObjecten }, { "Idempotency-Key": sleutel });
    if (status === 201) return;
    if (![0, 429, 502, 503, 504].includes(status)) break;
  }
  throw new Geweigerd("Dit is niet vastgelegd in het register, dus er is niets gevraagd of getoond. Probeer het later opnieuw.");
}

/** De personen in een antwoord. Is dat niet te zeggen, dan wordt er niets getoond. */
function bsnsIn(body: string): string[] {
  try {
    const personen: Persoon[] = JSON.parse(body).personen;
    const bsns = personen.map((p) => p.bsn);
    if (bsns.every((bsn) => typeof bsn === "string")) return bsns;
  } catch {} // valt door naar de weigering
  throw new Geweigerd("Het antwoord van de aanbieder is niet te lezen en wordt niet getoond.");
}

async function raadpleeg(vraag: Vraag): Promise<string> {
  const a = await activiteit(FUNCTIE);
  const verwerking = randomUUID();
  const actie = {
    actieNaam: vraag.bsn ? "Ophalen persoonsgegevens" : "Zoeken personen", handelingNaam: "", verwerkingNaam: "Verhuizing", verwerkingId: verwerking,
    verwerkingsactiviteitId: a.id, verwerkingsactiviteitUrl: a.url, vertrouwelijkheid: a.vertrouwelijkheid, bewaartermijn: a.bewaartermijnLog,
    systeem: "Voorbeeld 1.0", tijdstip: new Date().toISOString(),
  };
  if (vraag.bsn) await legVast(actie, [vraag.bsn], "Aanvrager");
  const headers: Record<string, string> = {
    OIN: instelling("OIN"), VerwerkingsactiviteitId: a.id, VerwerkingsactiviteitUrl: a.url, VerwerkingId: verwerking, Vertrouwelijkheid: a.vertrouwelijkheid,
  };
  if (a.bewaartermijnLog) headers.Bewaartermijn = a.bewaartermijnLog;
  const { status, body } = await http("POST", instelling("AANBIEDER") + "/personen/" + (vraag.bsn ? "_raadpleeg" : "_zoek"), "AANBIEDER", vraag, headers);
  const gevonden = status === 200 ? bsnsIn(body) : [];
  if (!vraag.bsn) await legVast(actie, gevonden, "Getoond in zoekresultaat");
  if (status !== 200) throw new Geweigerd(`De aanbieder gaf geen gegevens (status ${status}).`);
  return body;
}

try {
  console.log(await raadpleeg(JSON.parse(readFileSync(0, "utf8"))));
} catch (reden) {
  console.error(reden instanceof Geweigerd ? reden.message : "Er ging iets mis.");
  process.exitCode = 1;
}
