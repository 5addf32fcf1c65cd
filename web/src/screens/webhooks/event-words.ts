interface EventGroup {
  readonly label: string;
  /** What stands before the dot of its types. */
  readonly subjects: readonly string[];
}

const groups: readonly EventGroup[] = [
  { label: 'Keys', subjects: ['api_key'] },
  { label: 'Subscriptions', subjects: ['subscription'] },
  { label: 'Operations over many', subjects: ['bulk_operation'] },
  { label: 'API clients', subjects: ['api_session', 'authorization_server'] },
  { label: 'Rotation policies', subjects: ['rotation_policy'] },
  {
    label: 'Organizations, groups and providers',
    subjects: ['organization', 'organization_group', 'service_provider'],
  },
  {
    label: 'People and programs',
    subjects: ['staff_member', 'custom_role', 'service_account', 'trusted_issuer', 'delegation'],
  },
  { label: 'Webhooks and mail', subjects: ['webhook_endpoint', 'mail_recipient'] },
];

/** It goes to the endpoint that is tested alone: nobody can choose it. */
const TEST_EVENT = 'webhook_endpoint.tested';

const subjectOf = (type: string) => type.split('.')[0] ?? type;

/** By what they are about; types of a later server come last, under a name of their own. */
export function groupedEvents(types: readonly string[]): readonly { label: string; types: readonly string[] }[] {
  const offered = types.filter((type) => type !== TEST_EVENT);
  const known = groups.flatMap(({ subjects }) => subjects);
  const others = { label: 'Others', types: offered.filter((type) => !known.includes(subjectOf(type))) };
  const grouped = groups.map(({ label, subjects }) => ({
    label,
    types: subjects.flatMap((subject) => offered.filter((type) => subjectOf(type) === subject)),
  }));
  return [...grouped, others].filter((group) => group.types.length > 0);
}

/** "Threshold warning" of `api_key.threshold_warning`; of a group with several subjects "Organization group: created". */
export function eventInWords(type: string, isAlone: boolean): string {
  const [subject = '', verb = ''] = type.split('.');
  const words = isAlone ? verb : `${subject}: ${verb}`;
  const text = words.replaceAll('_', ' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
