import { cell, parseTable, type Row } from '../text-table.ts';

// DOMAIN.md, "Commands on a key", "Disablements" and decisions 1 and 2, written out case by case: exactly one row speaks of
// a case, so the order of the rows means nothing. Where several refusals are due, the one that stands first in DOMAIN.md's
// column is the answer; who may not do it at all comes before, and what is wrong with the input comes before the state.
// Cells: `*` is any, `some` is any set but the empty one `-`, alternatives stand apart by blanks. In the sets, S is
// SERVICE_PROVIDER, P is PLATFORM, C is CALL_THRESHOLD. `again` is a subscription scheduled after one that has ended.

const commandTable = parseTable(`
command    | input         | who                      | kind    | key | disabled by | subscription    | outcome
add        | valid         | org provider platform    | *       | yes | *           | *               | KEY_EXISTS
add        | valid         | org provider platform    | *       | no  | some        | *               | KEY_DISABLED
add        | valid         | org provider platform    | *       | no  | -           | none            | SUBSCRIPTION_REQUIRED
add        | valid         | org provider platform    | *       | no  | -           | scheduled again | SUBSCRIPTION_NOT_STARTED
add        | valid         | org provider platform    | *       | no  | -           | expired         | SUBSCRIPTION_EXPIRED
add        | valid         | org provider platform    | *       | no  | -           | active          | holds the given string
edit       | *             | org provider platform    | *       | no  | *           | *               | KEY_NOT_FOUND
edit       | malformed     | org provider platform    | *       | yes | *           | *               | INVALID_KEY_FORMAT
edit       | same          | org provider platform    | *       | yes | *           | *               | KEY_UNCHANGED
edit       | valid         | org provider platform    | sandbox | yes | *           | *               | KEY_NOT_EDITABLE
edit       | valid         | org                      | cloud   | yes | some        | *               | KEY_DISABLED
edit       | valid         | org                      | cloud   | yes | -           | none            | SUBSCRIPTION_REQUIRED
edit       | valid         | org                      | cloud   | yes | -           | scheduled again | SUBSCRIPTION_NOT_STARTED
edit       | valid         | org                      | cloud   | yes | -           | expired         | SUBSCRIPTION_EXPIRED
edit       | valid         | org                      | cloud   | yes | -           | active          | holds the given string
edit       | valid         | provider platform        | cloud   | yes | *           | none            | SUBSCRIPTION_REQUIRED
edit       | valid         | provider platform        | cloud   | yes | *           | scheduled again | SUBSCRIPTION_NOT_STARTED
edit       | valid         | provider platform        | cloud   | yes | *           | expired         | SUBSCRIPTION_EXPIRED
edit       | valid         | provider platform        | cloud   | yes | *           | active          | holds the given string
regenerate | valid         | org provider platform    | *       | no  | *           | *               | KEY_NOT_FOUND
regenerate | valid         | org provider platform    | *       | yes | some        | *               | KEY_DISABLED
regenerate | valid         | org provider platform    | *       | yes | -           | none            | SUBSCRIPTION_REQUIRED
regenerate | valid         | org provider platform    | *       | yes | -           | scheduled again | SUBSCRIPTION_NOT_STARTED
regenerate | valid         | org provider platform    | *       | yes | -           | expired         | SUBSCRIPTION_EXPIRED
regenerate | valid         | org provider platform    | *       | yes | -           | active          | holds the given string
delete     | valid         | org provider platform    | *       | no  | *           | *               | KEY_NOT_FOUND
delete     | valid         | org provider platform    | *       | yes | some        | *               | KEY_DISABLED
delete     | valid         | org provider platform    | *       | yes | -           | none            | SUBSCRIPTION_REQUIRED
delete     | valid         | org provider platform    | *       | yes | -           | scheduled again | SUBSCRIPTION_NOT_STARTED
delete     | valid         | org provider platform    | *       | yes | -           | expired         | SUBSCRIPTION_EXPIRED
delete     | valid         | org provider platform    | *       | yes | -           | active          | is empty
reveal     | valid         | org provider platform    | *       | no  | *           | *               | KEY_NOT_FOUND
reveal     | valid         | org provider platform    | *       | yes | *           | *               | stays
disable    | *             | org                      | *       | *   | *           | *               | FORBIDDEN
disable    | unexplained   | provider platform system | *       | *   | *           | *               | NOTE_REQUIRED
disable    | valid         | provider                 | *       | *   | S SP SC SPC | *               | ALREADY_DISABLED
disable    | valid         | provider                 | *       | *   | - P C PC    | *               | gains S
disable    | valid         | platform                 | *       | *   | P SP PC SPC | *               | ALREADY_DISABLED
disable    | valid         | platform                 | *       | *   | - S C SC    | *               | gains P
disable    | valid         | system                   | *       | *   | C SC PC SPC | *               | ALREADY_DISABLED
disable    | valid         | system                   | *       | *   | - S P SP    | *               | gains C
enable     | *             | org                      | *       | *   | *           | *               | FORBIDDEN
enable     | unexplained   | provider platform system | *       | *   | *           | *               | NOTE_REQUIRED
enable     | valid         | provider platform system | *       | *   | -           | *               | NOT_DISABLED
enable     | valid         | provider                 | *       | *   | P           | *               | FORBIDDEN
enable     | valid         | provider                 | *       | *   | S SP        | *               | loses S
enable     | valid         | provider                 | *       | *   | C PC        | *               | loses C
enable     | valid         | provider                 | *       | *   | SC SPC      | *               | loses SC
enable     | valid         | platform                 | *       | *   | some        | *               | loses all
enable     | valid         | system                   | *       | *   | some        | *               | FORBIDDEN
`);

/** The codes of the column "refused with", with those of "Disablements" (note) and of the column "who". */
export const refusals: Readonly<Record<string, readonly string[]>> = {
  add: ['KEY_EXISTS', 'KEY_DISABLED', 'SUBSCRIPTION_REQUIRED', 'SUBSCRIPTION_NOT_STARTED', 'SUBSCRIPTION_EXPIRED'],
  edit: [
    ...['KEY_NOT_FOUND', 'INVALID_KEY_FORMAT', 'KEY_UNCHANGED', 'KEY_NOT_EDITABLE', 'KEY_DISABLED'],
    ...['SUBSCRIPTION_REQUIRED', 'SUBSCRIPTION_NOT_STARTED', 'SUBSCRIPTION_EXPIRED'],
  ],
  regenerate: [
    ...['KEY_NOT_FOUND', 'KEY_DISABLED'],
    ...['SUBSCRIPTION_REQUIRED', 'SUBSCRIPTION_NOT_STARTED', 'SUBSCRIPTION_EXPIRED'],
  ],
  delete: [
    ...['KEY_NOT_FOUND', 'KEY_DISABLED'],
    ...['SUBSCRIPTION_REQUIRED', 'SUBSCRIPTION_NOT_STARTED', 'SUBSCRIPTION_EXPIRED'],
  ],
  reveal: ['KEY_NOT_FOUND'],
  disable: ['ALREADY_DISABLED', 'NOTE_REQUIRED', 'FORBIDDEN'],
  enable: ['NOT_DISABLED', 'FORBIDDEN', 'NOTE_REQUIRED'],
};

const statusTable = parseTable(`
key | disabled by | subscription          | status
*   | some        | *                     | DISABLED
*   | -           | expired again         | DISABLED
yes | -           | none scheduled active | ENABLED
no  | -           | none scheduled active | NONE
`);

/** "Who may do what", in terms of the commands. */
const roleTable = parseTable(`
command    | PLATFORM_ADMIN | PLATFORM_SUPPORT | PROVIDER_ADMIN | PROVIDER_SUPPORT | PROVIDER_VIEWER | ORG_ADMIN | ORG_VIEWER
add        | may            |                  | may            |                  |                 | may       |
edit       | may            |                  | may            |                  |                 | may       |
regenerate | may            |                  | may            |                  |                 | may       |
delete     | may            |                  | may            |                  |                 | may       |
reveal     |                |                  | may            |                  |                 | may       |
disable    | may            | may              | may            | may              |                 |           |
enable     | may            | may              | may            | may              |                 |           |
`);

export function roleMay(role: string, command: string): boolean {
  return cell(theOnly(roleTable, { command }), role) === 'may';
}

export function expectedStatus(facts: Row): string {
  return cell(theOnly(statusTable, facts), 'status');
}

/**
 * DOMAIN.md does not say what becomes of add, edit, regenerate, delete and reveal in the name of the system, which holds no
 * permission for them: there the answer is one that an organization or a provider would have got.
 */
export function expectedOutcomes(facts: Row): string[] {
  const isSilent = facts.who === 'system' && facts.command !== 'disable' && facts.command !== 'enable';
  const asked = isSilent ? ['org', 'provider'] : [cell(facts, 'who')];
  return asked.map((who) => {
    const outcome = cell(theOnly(commandTable, { ...facts, who }), 'outcome');
    return outcome.replace('all', cell(facts, 'disabled by'));
  });
}

function theOnly(table: readonly Row[], facts: Row): Row {
  const [row, ...others] = table.filter((candidate) => speaksOf(candidate, facts));
  if (row === undefined || others.length > 0) {
    throw new Error(`${row === undefined ? 'no row' : 'several rows'} for ${JSON.stringify(facts)}`);
  }
  return row;
}

function speaksOf(row: Row, facts: Row): boolean {
  return Object.entries(facts).every(([column, fact]) => {
    const pattern = row[column];
    if (pattern === undefined || pattern === '*') return true;
    return pattern === 'some' ? fact !== '-' : pattern.split(' ').includes(fact);
  });
}
