import text from './examples.graphql?raw';

/** What each begins with that cannot run without. */
const variables: Readonly<Record<string, object>> = {
  EnableKey: { input: { organizationId: '', note: '' } },
  FollowOperation: { id: '' },
};

/** A tab for each operation of examples.graphql, which the build checks against the schema. */
export const exampleTabs = text.split(/\n(?=# )/).map((query) => {
  const [, name = ''] = /^(?:query|mutation|subscription) (\w+)/m.exec(query) ?? [];
  const given = variables[name];
  return { query: query.trimEnd(), ...(given === undefined ? {} : { variables: JSON.stringify(given, null, 2) }) };
});
