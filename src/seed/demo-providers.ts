import type { Role } from '../identity/permissions.ts';
import type { OrganizationState } from './organization-states.ts';

export interface DemoPerson {
  readonly role: Role;
  readonly displayName: string;
}

export interface DemoProvider {
  readonly name: string;
  /** Name of the provider above it; null for a root provider. Parents come before their resellers. */
  readonly parent: string | null;
  /** Of its people's user names. */
  readonly domain: string;
  readonly baseUrl: string | null;
  readonly organizations: number;
  readonly staff: readonly DemoPerson[];
  /** Who works at an organization: each at the first one in this state. */
  readonly customers: readonly (DemoPerson & { readonly state: OrganizationState })[];
}

export const platformStaff: readonly DemoPerson[] = [
  { role: 'PLATFORM_ADMIN', displayName: 'Priya Raman' },
  { role: 'PLATFORM_SUPPORT', displayName: 'Daniel Osei' },
];
export const PLATFORM_DOMAIN = 'platform.example';

export const demoProviders: readonly DemoProvider[] = [
  {
    name: 'Northwind Managed Services',
    parent: null,
    domain: 'northwind-msp.example',
    baseUrl: null,
    organizations: 110,
    staff: [
      { role: 'PROVIDER_ADMIN', displayName: 'Ingrid Halvorsen' },
      { role: 'PROVIDER_SUPPORT', displayName: 'Tomasz Zieliński' },
      { role: 'PROVIDER_VIEWER', displayName: 'Beatrix Vogel' },
    ],
    customers: [
      { role: 'ORG_ADMIN', displayName: 'Miriam Brandt', state: 'ACTIVE' },
      { role: 'ORG_ADMIN', displayName: 'Óscar Villanueva', state: 'DISABLED_BY_PROVIDER' },
      { role: 'ORG_ADMIN', displayName: 'Fiona MacAllister', state: 'EXPIRED' },
    ],
  },
  {
    name: 'Alpenblick IT-Systemhaus',
    parent: 'Northwind Managed Services',
    domain: 'alpenblick-it.example',
    baseUrl: null,
    organizations: 60,
    staff: [
      { role: 'PROVIDER_ADMIN', displayName: 'Jürg Ammann' },
      { role: 'PROVIDER_SUPPORT', displayName: 'Selin Kaya' },
    ],
    customers: [{ role: 'ORG_ADMIN', displayName: 'Lukas Steiner', state: 'ACTIVE' }],
  },
  {
    name: 'Lumière Infogérance',
    parent: 'Northwind Managed Services',
    domain: 'lumiere-infogerance.example',
    baseUrl: null,
    organizations: 40,
    staff: [
      { role: 'PROVIDER_ADMIN', displayName: 'Hélène Marchand' },
      { role: 'PROVIDER_SUPPORT', displayName: 'Youssef Benali' },
    ],
    customers: [],
  },
  {
    name: 'Harbourline Cloud Partners',
    parent: null,
    domain: 'harbourline.example',
    baseUrl: null,
    organizations: 55,
    staff: [
      { role: 'PROVIDER_ADMIN', displayName: 'Grace Whitcombe' },
      { role: 'PROVIDER_SUPPORT', displayName: 'Mateo Rossi' },
      { role: 'PROVIDER_VIEWER', displayName: 'Noa Friedman' },
    ],
    customers: [
      { role: 'ORG_ADMIN', displayName: 'Caleb Nwosu', state: 'ACTIVE' },
      { role: 'ORG_VIEWER', displayName: 'Astrid Lindqvist', state: 'ENDING_THIS_MONTH' },
    ],
  },
  {
    name: 'Sakura Network Services',
    parent: 'Harbourline Cloud Partners',
    domain: 'sakura-net.example',
    baseUrl: 'https://api.sakura-net.example',
    organizations: 35,
    staff: [
      { role: 'PROVIDER_ADMIN', displayName: '田中 葵' },
      { role: 'PROVIDER_SUPPORT', displayName: 'Kenji Mori' },
    ],
    customers: [],
  },
];

/** Organizations below one root provider that were put on one string: how many are on it, and how many left it since. */
export const demoSharings: readonly { readonly root: string; readonly members: number; readonly drifted: number }[] = [
  { root: 'Northwind Managed Services', members: 40, drifted: 3 },
  { root: 'Northwind Managed Services', members: 12, drifted: 1 },
  { root: 'Harbourline Cloud Partners', members: 5, drifted: 1 },
  { root: 'Harbourline Cloud Partners', members: 2, drifted: 0 },
];
