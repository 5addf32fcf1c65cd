import { actionsThat } from '../../../components/audit-words.ts';

/** What the trail of one organization can be narrowed to: whatever is done with its key, its subscription and its clients is in one of them. */
export const about = [
  {
    value: 'key',
    label: 'Key changes',
    actions: actionsThat(/^api_key\.(?!reveal|disable|enable|warn_|reach_|notice_)/),
  },
  { value: 'reveal', label: 'Key revealed', actions: actionsThat(/^api_key\.reveal/) },
  { value: 'disable', label: 'Disabled and enabled', actions: actionsThat(/^api_key\.(disable|enable)/) },
  { value: 'notices', label: 'Threshold and rotation notices', actions: actionsThat(/^api_key\.(warn|reach|notice)_/) },
  { value: 'subscription', label: 'Subscription', actions: actionsThat(/^subscription\./) },
  {
    value: 'clients',
    label: 'API sessions and OAuth servers',
    actions: actionsThat(/^(api_session|authorization_server)\./),
  },
  { value: 'sign-in', label: 'Sign-ins', actions: actionsThat(/^auth\./) },
];
