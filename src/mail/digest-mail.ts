import type { Event } from '../events/event.ts';
import { shownState } from '../events/event-schema.ts';
import { type EventType, subjectOf } from '../events/event-type.ts';
import { fold } from '../text.ts';
import { escapeHtml, oneLine } from './plain-words.ts';

/** Events that a mail names one by one; of the others it says how many. */
export const MOST_LINES = 50;
const MOST_DETAILS = 8;
const LONGEST_DETAIL = 80;
/** Of no use to a reader. */
const WITHHELD = new Set(['fingerprint', 'version']);

export interface ToldEvent {
  readonly event: Event;
  readonly type: EventType;
  /** Where the console shows it. */
  readonly url: string;
}

/** What one mail tells. */
export interface Digest {
  readonly providerName: string;
  /** Who chose the address. */
  readonly chosenBy: string;
  readonly counts: ReadonlyMap<EventType, number>;
  /** The oldest, at most `MOST_LINES`. */
  readonly first: readonly ToldEvent[];
  /** Where the console shows the rest. */
  readonly restUrl: string;
}

export interface DigestMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Plain and HTML, with the same words. Every name in it is somebody else's: it stays on its line, and is never markup. */
export function digestMailOf(digest: Digest): DigestMail {
  const { providerName, counts, first, restUrl, chosenBy } = digest;
  const provider = oneLine(providerName);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const lines = first.map(lineOf);
  const [only] = lines;
  const head = `${total} events at ${provider}`;
  const subject = total === 1 && only !== undefined ? [only.title, only.about].join(', ') : head;
  const summary = [...counts].map(([type, count]): [string, string] => [titleOf(type), String(count)]).sort();
  const rest = total > lines.length ? `and ${total - lines.length} more` : null;
  const footer = `${oneLine(chosenBy)} has chosen this address for ${provider}. To get no more of these mails, ask the administrators of ${provider}.`;
  const text = [
    ...(total > 1 ? [head, '', ...summary.map(([title, count]) => `  ${count.padStart(6)}  ${title}`), ''] : []),
    ...lines.flatMap(textOfLine),
    ...(rest === null ? [] : [`${rest}: ${restUrl}`, '']),
    '-- ',
    footer,
    '',
  ].join('\n');
  const html = [
    '<!doctype html><html lang="en"><body style="font-family:sans-serif;font-size:14px;color:#222">',
    ...(total > 1 ? [`<p><strong>${escapeHtml(head)}</strong></p>`, summaryTable(summary)] : []),
    ...lines.map(htmlOfLine),
    ...(rest === null ? [] : [`<p><a href="${escapeHtml(restUrl)}">${escapeHtml(rest)}</a></p>`]),
    `<p style="color:#666;font-size:12px">${escapeHtml(footer)}</p></body></html>`,
  ].join('\n');
  return { subject: `Keyward: ${subject}`, text, html };
}

interface Line {
  readonly at: string;
  readonly title: string;
  /** The organization or the provider. */
  readonly about: string;
  readonly actor: string;
  readonly details: string;
  readonly url: string;
}

function lineOf({ event, type, url }: ToldEvent): Line {
  const organization = event.organizationName === null ? null : oneLine(event.organizationName);
  const externalId = event.externalId === null ? '' : ` (${oneLine(event.externalId)})`;
  return {
    at: instant(event.at.toISOString()),
    title: titleOf(type),
    about: organization === null ? oneLine(event.providerName ?? 'the platform') : `${organization}${externalId}`,
    actor: oneLine(event.actorName),
    details: detailsOf(event, type),
    url,
  };
}

function textOfLine({ at, title, about, actor, details, url }: Line): string[] {
  const more = details === '' ? [] : [`  ${details}`];
  return [`${at}  ${title}: ${about}, by ${actor}`, ...more, `  ${url}`, ''];
}

function htmlOfLine({ at, title, about, actor, details, url }: Line): string {
  const [place, what] = [escapeHtml(about), escapeHtml(title)];
  const more = details === '' ? '' : `<br>${escapeHtml(details)}`;
  const link = `<a href="${escapeHtml(url)}">${place}</a>`;
  return `<p>${escapeHtml(at)} <strong>${what}</strong>: ${link}, by ${escapeHtml(actor)}${more}</p>`;
}

function summaryTable(summary: readonly (readonly [string, string])[]): string {
  const cell = (text: string) => `<td style="padding-right:12px">${escapeHtml(text)}</td>`;
  return `<table>${summary.map(([title, count]) => `<tr>${cell(count)}${cell(title)}</tr>`).join('')}</table>`;
}

/** `api_key.threshold_warning`: API key threshold warning. */
export function titleOf(type: EventType): string {
  const [, what = ''] = type.split('.');
  const subject = fold(subjectOf(type).replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' '));
  const title = `${subject} ${what.replaceAll('_', ' ')}`.replace(/^api /, 'API ');
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** What of its state an event tells anyway, in words: by the list of its schema, on which no secret is. */
function detailsOf({ after, before }: Event, type: EventType): string {
  const kept = after ?? before;
  const state = shownState(type, kept === null ? null : (JSON.parse(kept) as Record<string, unknown>));
  const told = Object.entries(state ?? {}).flatMap(([name, value]) => {
    const words = WITHHELD.has(name) ? '' : wordsOf(value);
    return words === '' ? [] : [`${fold(name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' '))}: ${words}`];
  });
  return told.slice(0, MOST_DETAILS).join(', ');
}

function wordsOf(value: unknown): string {
  if (value === null || typeof value === 'object') return ''; // lists are for machines
  const words = oneLine(String(value));
  const told = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(words) ? instant(words) : words;
  return told.length > LONGEST_DETAIL ? `${told.slice(0, LONGEST_DETAIL - 1)}…` : told;
}

function instant(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
