// Verifies proofs of a log of verwerkingsacties with nothing of the software that made them. It was written from docs/bewijs.md,
// C2SP signed-note, tlog-checkpoint and tlog-proof, and RFC 6962 and 8785. It needs Node 18 or newer, and no network.
//   node nakijken.mjs record RECORD.json BEWIJS.txt SLEUTEL
//   node nakijken.mjs groei  OUD.txt NIEUW.txt GROEI.txt SLEUTEL
// SLEUTEL is a file with public keys, one on a line, or one key itself. Exit status: 0 it holds, 1 it does not, 2 it can't be told.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

const fout = (wat, status) => { throw Object.assign(new Error(wat), { status }); };
const eis = (waar, wat) => waar || fout(wat, 1); // that something is as it should be
const kan = (waar, wat) => waar || fout(wat, 2); // that it can be told
const sha256 = (...delen) => delen.reduce((h, d) => h.update(d), createHash('sha256')).digest();
const gelijk = (a, b) => Buffer.compare(a, b) === 0;

const lees = (naam) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(naam));

// base64 has one way to write bytes: another text for the same ones would be a change that nobody sees.
function base64(tekst, lengte, wat) {
  const b = Buffer.from(tekst, 'base64');
  kan(b.toString('base64') === tekst && (!lengte || b.length === lengte), `Niet te lezen: ${wat}.`);
  return b;
}

// sleutels reads public keys (C2SP signed-note): <name>+<key ID in hexadecimal>+<base64 of 0x01 and the key>.
function sleutels(bron) {
  return kan((existsSync(bron) ? lees(bron) : bron).match(/\S+/g), 'Er is geen sleutel.').map((regel) => {
    const [, naam, id, rest] = kan(/^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(regel), 'De sleutel is niet te lezen; zij is als NAAM+0123abcd+AbCd….');
    const b = base64(rest, 33, 'de sleutel');
    kan(b[0] === 1 && sha256(`${naam}\n`, b).toString('hex', 0, 4) === id, 'De sleutel past niet bij zijn eigen nummer, of is geen Ed25519.');
    return { naam, id, sleutel: createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: b.toString('base64url', 1) } }) };
  });
}

// checkpoint verifies a signed note (C2SP tlog-checkpoint). One of the keys must have signed it; lines of others are passed over.
function checkpoint(tekst, bekend) {
  const vorm = /^((.+)\n(0|[1-9]\d*)\n(.+)\n((?:.+\n)*))\n((?:— \S+ \S+\n)+)$/;
  const [, inhoud, origin, grootte, wortel, meer, regels] = kan(vorm.exec(tekst), 'Het checkpoint is niet te lezen, of er is geen handtekening.');
  const basis = origin.replace(/\/tijdvak-([2-9]|[1-9]\d+)$/, ''); // the keys have the name without the epoch
  eis(bekend.some((k) => k.naam === basis), `Het checkpoint is van een andere log dan de sleutel: ${origin}.`);
  const getekend = regels.slice(0, -1).split('\n').filter((regel) => {
    const [, naam, rest] = regel.split(' ');
    const b = base64(rest, 0, 'een handtekening');
    const key = bekend.find((k) => k.naam === basis && naam === basis && k.id === b.toString('hex', 0, 4));
    eis(!key || verify(null, Buffer.from(inhoud), key.sleutel, b.subarray(4)), 'De handtekening onder het checkpoint klopt niet.');
    return key;
  });
  eis(getekend.length > 0, 'Het checkpoint is niet met deze sleutel ondertekend.');
  const moment = /^moment (.+)$/m.exec(meer)?.[1];
  return { origin, basis, grootte: BigInt(grootte), wortel: base64(wortel, 32, 'de wortel'), moment, gezet: moment ?? 'een onbekend moment' };
}

// The tree is that of RFC 6962, section 2.1. The last hash of a proof stands beside the root, so they are taken from the end.
const knoop = (links, rechts) => sha256(Buffer.of(1), links, rechts);
const helft = (n) => 1n << BigInt((n - 1n).toString(2).length - 1); // the largest power of two below n
const hashes = (regels) => regels.map((r, i) => base64(r, 32, `hash ${i + 1} van het bewijs`));
const neem = (pad) => pad.pop() ?? (pad.tekort = Buffer.alloc(32));
const op = (pad) => pad.length === 0 && !pad.tekort; // neither a hash too many nor one too few

// wortels are those of the first m leaves and of all n (section 2.1.2). begin is the root of the m; null: it is a hash of the proof. Of
// an audit path (section 2.1.1) begin is the hash of the leaf, the last one of the m, and the second root counts.
function wortels(begin, m, n, pad, blad = false) {
  if (blad ? n === 1n : m === n) return Array(2).fill(begin ?? neem(pad));
  const [k, h] = [helft(n), neem(pad)];
  if (m > k) return wortels(blad ? begin : null, m - k, n - k, pad, blad).map((w) => knoop(h, w));
  return wortels(begin, m, k, pad, blad).map((w, i) => (i === 1 ? knoop(w, h) : w)); // the m leaves are all left of h
}

const H = '([0-9a-f]{64})(?: ([0-9a-f]{64}))?'; // a commitment, and its salt when the part is open
const BLAD = new RegExp(['^verantwoord/blad/v1', 'oin (\\d{20})', 'actieId ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})', 'nummer (0|[1-9]\\d*)',
  'registratie (0|-?[1-9]\\d*)', 'operatie ([1-4])', 'vervallen ([01])', `publiek ${H}`, `intern ${H}`, `((?:persoon ${H}\\n)*)$`].join('\\n'));

// leesBlad reads the opening of a leaf: inhoud is what the tree hashes.
function leesBlad(tekst, index) {
  const [, oin, actieId, nummer, registratie, operatie, vervallen] = kan(BLAD.exec(tekst), 'Het blad, in de regel extra, is niet te lezen.');
  const deel = ([, hash, zout]) => ({ hash: Buffer.from(hash, 'hex'), zout: zout && Buffer.from(zout, 'hex') });
  const [publiek, intern, ...personen] = [...tekst.matchAll(new RegExp(` ${H}\\n`, 'g'))].map(deel);
  const vast = Buffer.alloc(18); // nummer, registratie, operatie, vervallen and, after both commitments, the count
  vast.writeUInt32BE(Number(nummer));
  vast.writeBigInt64BE(BigInt(registratie), 4);
  vast.set([Number(operatie), Number(vervallen)], 12);
  vast.writeUInt32BE(personen.length, 14);
  const inhoud = sha256('verantwoord/blad/v1', oin, Buffer.from(actieId.replaceAll('-', ''), 'hex'), vast.subarray(0, 14),
    publiek.hash, intern.hash, vast.subarray(14), ...personen.map((p) => p.hash));
  const woorden = { actieId, volgnummer: Number(nummer), blad: Number(index), tijdstipRegistratie: BigInt(registratie) }; // as in a record
  Object.assign(woorden, { operatie: ['POST', 'PUT', 'PATCH', 'DELETE'][operatie - 1], vervallen: vervallen === '1' });
  return { oin, woorden, publiek, intern, personen, inhoud };
}

// The attributes of each part. Those of MET_FORMAAT are null when they are empty, the others "".
const PUBLIEK = `actieNaam handelingNaam verwerkingNaam verwerkingId verwerkingsactiviteitId verwerkingsactiviteitUrl vertrouwelijkheid bewaartermijn
  uitvoerder soortAfnemerId afnemerId verwerkingsactiviteitIdAfnemer verwerkingsactiviteitUrlAfnemer verwerkingIdAfnemer tijdstip`.split(/\s+/);
const INTERN = ['afnemerId', 'gebruiker', 'gegevensbron', 'systeem'];
const PERSOON = ['betrokkenheid', 'objectId', 'objecttype', 'soortObjectId', 'verwerktObjectId', 'verwerkteSoortenGegevens'];
const MET_FORMAAT = /^(afnemerId|uitvoerder|bewaartermijn|verwerk.*(Id|Url)(Afnemer)?|verwerktObjectId)$/;

// klopt makes the commitment of a part from the record. JSON.stringify writes strings as RFC 8785 asks; the keys are sorted here.
function klopt(label, { hash, zout }, namen, waarden) {
  const canoniek = {};
  for (const n of [...namen].sort()) canoniek[n] = (waarden[n] ?? '') !== '' ? waarden[n] : MET_FORMAAT.test(n) ? null : '';
  if (namen === PERSOON) canoniek.verwerkteSoortenGegevens = (waarden.verwerkteSoortenGegevens ?? []).map((s) => s.soortGegeven);
  return zout && gelijk(sha256(`verantwoord/${label}/v1`, zout, JSON.stringify(canoniek)), hash);
}

// micros reads a moment of RFC 3339 to the microsecond; a Date has milliseconds.
function micros(tekst) {
  const [, tot, deel = '', zone] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)$/.exec(tekst) ?? [];
  return tot && BigInt(Date.parse(tot + zone)) * 1000n + BigInt(deel.padEnd(6, '0'));
}

// leesRecord reads JSON. JSON.parse takes the last of two attributes with one name, and who reads the record may take the first.
function leesRecord(tekst) {
  let namen = [...tekst.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter((m) => m[1]).length + 1; // the whole has a name too: ""
  const uit = JSON.parse(tekst, function tel(_, waarde) { return (namen -= Array.isArray(this) ? 0 : 1), waarde; });
  kan(namen === 0, 'In het record staat een attribuut twee keer.');
  return uit;
}

// vergelijk holds a record, or a part of one, against the leaf.
function vergelijk(gegeven, b, zeg) {
  const { verwerkingsactie = {}, ...rest } = gegeven; // it stands below one person (Inzage API), or below what a history says of it
  const boven = 'verwerkingsactie' in gegeven && 'verwerktObjectId' in rest ? { verwerkteObjecten: [rest] } : rest;
  const record = { ...verwerkingsactie, ...boven };
  let [fouten, over, open] = [[], [...b.personen], 0];
  const moet = (is, wat) => is || fouten.push(wat);
  const deel = (naam, is, dicht) => {
    if (is) zeg(`${naam} is zoals het is vastgelegd`);
    else if (dicht && ++open) zeg(`${naam} is niet na te kijken: het bewijs opent dat deel niet`);
    else moet(false, `${naam[0].toUpperCase()}${naam.slice(1)} is anders dan wat is vastgelegd.`);
  };
  moet(Object.keys(verwerkingsactie).every((k) => verwerkingsactie[k] === record[k]), 'Het record zegt van een attribuut twee keer iets anders.');
  const zegt = { ...record, tijdstipRegistratie: micros(record.tijdstipRegistratie) };
  const anders = Object.keys(b.woorden).filter((k) => k in record && zegt[k] !== b.woorden[k]);
  moet(anders.length === 0, `Het bewijs is van een andere actie of versie dan het record: ${anders.join(', ')}.`);
  const persoonlijk = record.afnemerId && String(record.soortAfnemerId).toUpperCase() !== 'OIN'; // then it stands in the internal part
  const [openbaar, binnen] = persoonlijk ? [{ ...record, afnemerId: null }, record] : [record, { ...record, afnemerId: null }];
  const [publiek, intern] = [PUBLIEK, INTERN].map((namen) => namen.some((n) => n !== 'afnemerId' && n in record)); // it may be a part of one
  if (publiek) deel('het openbare deel', klopt('publiek', b.publiek, PUBLIEK, openbaar), !b.publiek.zout);
  if (intern) deel('het interne deel', klopt('intern', b.intern, INTERN, binnen), !b.intern.zout);
  else if (persoonlijk && ++open) zeg('afnemerId is niet na te kijken: het hoort bij het interne deel, en dat staat niet in dit record');
  else zeg('het interne deel staat niet in dit record');
  const objecten = record.verwerkteObjecten ?? [];
  objecten.forEach((o, i) => {
    const plek = over.findIndex((p) => klopt('persoon', p, PERSOON, o));
    deel(`het deel van betrokkene ${i + 1}`, plek >= 0, b.personen.some((p) => !p.zout));
    if (plek >= 0) over.splice(plek, 1); // each stands for one person
  });
  zeg(`het record toont ${objecten.length} van de ${b.personen.length} betrokkenen`);
  const vreemd = (namen) => (o) => Object.keys(o).filter((k) => !namen.includes(k)).map((k) => (/^\w+$/.test(k) ? k : JSON.stringify(k)));
  const overgeslagen = new Set([...vreemd([...PUBLIEK, ...INTERN, ...Object.keys(b.woorden), 'verwerkteObjecten'])(record),
    ...objecten.flatMap(vreemd(PERSOON)), ...objecten.flatMap((o) => o.verwerkteSoortenGegevens ?? []).flatMap(vreemd(['soortGegeven']))]);
  if (overgeslagen.size > 0) zeg(`geen deel van het bewijs, en dus niet nagekeken: ${[...overgeslagen].join(', ')}`);
  eis(fouten.length === 0, fouten.join('\n'));
  kan(open === 0 && (publiek || intern || objecten.length > 0), 'Niet alles in het record is na te kijken.');
}

function record(zeg, recordNaam, bewijsNaam, bron) {
  const vorm = /^c2sp\.org\/tlog-proof@v1\nextra (\S+)\nindex (0|[1-9]\d*)\n((?:.+\n)*)\n([^]*)$/; // C2SP tlog-proof
  const [, extra, index, weg, noot] = kan(vorm.exec(lees(bewijsNaam)), 'Het bewijs is niet te lezen: een regel is niet zoals het hoort.');
  const b = leesBlad(base64(extra, 0, 'de regel extra van het bewijs').toString(), index);
  const { origin, basis, grootte, wortel, gezet } = checkpoint(noot, sleutels(bron));
  eis(basis.endsWith('/bewijs/' + b.oin), 'Het blad is van een andere organisatie dan de log.');
  const pad = hashes(weg.split('\n').slice(0, -1));
  const staat = BigInt(index) < grootte && gelijk(wortels(sha256(Buffer.of(0), b.inhoud), BigInt(index) + 1n, grootte, pad, true)[1], wortel);
  eis(staat && op(pad), 'Dit blad staat niet in de log: het blad, zijn nummer of een hash van het bewijs is veranderd.');
  const { actieId, volgnummer, operatie } = b.woorden;
  zeg(`versie ${volgnummer} (${operatie}) van actie ${actieId} staat in de log ${origin} (${grootte} bladen, ondertekend op ${gezet})`);
  vergelijk(leesRecord(lees(recordNaam)), b, zeg);
}

function groei(zeg, oudNaam, nieuwNaam, padNaam, bron) {
  const [oud, nieuw] = [oudNaam, nieuwNaam].map((naam) => checkpoint(lees(naam), sleutels(bron)));
  const [m, n] = [oud.grootte, nieuw.grootte];
  eis(oud.basis === nieuw.basis, 'De twee checkpoints zijn van verschillende logs.');
  eis(m <= n, `De log is teruggezet: er waren ${m} bladen ondertekend, en nu zijn het er ${n}.`);
  eis(m < n || gelijk(oud.wortel, nieuw.wortel), `De log heeft twee gezichten: van ${m} bladen zijn twee verschillende wortels ondertekend.`);
  eis(!(nieuw.moment < oud.moment), `Het nieuwe checkpoint is van ${nieuw.gezet}, en dus ouder dan dat van ${oud.gezet}.`);
  const pad = hashes(lees(padNaam).split('\n').filter(Boolean));
  const [was, is] = m === 0n ? [oud.wortel, nieuw.wortel] : wortels(oud.wortel, m, n, pad); // every tree begins with the empty one
  eis(gelijk(was, oud.wortel) && gelijk(is, nieuw.wortel) && op(pad),
    `Niet bewezen dat de ${n} bladen beginnen met de ${m} van eerder: de log is herschreven, of het bewijs is van andere checkpoints.`);
  zeg(`log ${nieuw.origin}: de ${n} bladen van ${nieuw.gezet} beginnen met de ${m} van ${oud.gezet}`);
}

// nakijk runs a command and gives its exit status; zeg takes what it says, a line at a time.
export function nakijk([opdracht, ...namen], zeg) {
  try {
    const doe = opdracht === 'record' ? record : groei;
    kan(opdracht === doe.name && namen.length === doe.length - 1,
      'Gebruik: nakijken.mjs record RECORD.json BEWIJS.txt SLEUTEL, of: nakijken.mjs groei OUD.txt NIEUW.txt GROEI.txt SLEUTEL');
    doe(zeg, ...namen);
    zeg('\nDit klopt.');
    return 0;
  } catch (e) {
    const vreemd = e.code === 'ENOENT' ? `Het bestand ${e.path} is er niet.` : 'Dit is niet te lezen als record met zijn bewijs.';
    (e.status ? e.message : vreemd).split('\n').forEach((regel) => zeg(e.status === 1 ? 'FOUT ' + regel : regel));
    return e.status ?? 2;
  }
}

if (process.argv[1]?.endsWith('nakijken.mjs')) process.exitCode = nakijk(process.argv.slice(2), console.log);
