const TYPE = String.raw`"[\w![\]]+"`;
const SUGGESTION = String.raw`(?: Did you mean (?:the enum value )?"\w+"(?:,? (?:or )?"\w+")*\?)?`;

/** Beginnings of what graphql-js says after which it quotes what it was given, up to the end: nothing quoted comes before. */
const quoting: readonly (readonly [RegExp, string])[] = [
  [/^(Enum "\w+"|\w+) cannot represent [\s\S]*$/, '$1 cannot represent this value.'],
  [/^(Expected (?:value of )?type "[\w![\]]+")(?:, found |\. )[\s\S]*$/, '$1.'],
  [
    new RegExp(String.raw`^Value "[\s\S]*" does not exist in ("\w+" enum\.${SUGGESTION})$`),
    'The value does not exist in $1',
  ],
  [/^(Syntax Error: Expected [\s\S]*?), found [\s\S]*$/, '$1.'],
  [/^(Syntax Error: Unexpected (?:String|BlockString|Int|Float|Name|Comment)) "[\s\S]*$/, '$1.'],
  [/^(Syntax Error: Invalid [\w ]+): [\s\S]*$/, '$1.'],
];

/** All that it says of a variable's value without quoting it. */
const quotingNothing = new RegExp(
  `^(?:Field "\\w+" of required type ${TYPE} was not provided\\.` +
    `|Field "\\w+" is not defined by type ${TYPE}\\.${SUGGESTION}` +
    `|Expected (?:non-nullable )?type ${TYPE}(?: to be an object| not to be null)?\\.)$`,
);

/**
 * graphql-js quotes what it was given, and what it was given may be a key string or a password: of a variable it prints
 * the whole input when one field is missing. The place and the reason stay.
 * @param reason what it had against a variable's value, where that is known apart: the message holds it after the value,
 * in which anything may stand, what looks like a reason too
 */
export function withoutValues(message: string, reason: string): string {
  const variable = /^Variable "\$\w+" got /.exec(message)?.[0];
  if (variable === undefined) return withoutQuotes(message) ?? message;
  const isItsReason = message.endsWith(`; ${reason}`);
  const value = isItsReason ? message.slice(0, -`; ${reason}`.length) : '';
  const place = / at "\w+(?:\.\w+|\[\d+\])+"$/.exec(value)?.[0] ?? '';
  const said = isItsReason ? (withoutQuotes(reason) ?? quotingNothing.exec(reason)?.[0]) : undefined;
  return `${variable}an invalid value${place}${said === undefined ? '.' : `; ${said}`}`;
}

/** Null when it begins like nothing that quotes. */
function withoutQuotes(message: string): string | null {
  const found = quoting.find(([beginning]) => beginning.test(message));
  return found === undefined ? null : message.replace(...found);
}
