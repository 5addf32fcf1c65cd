import {
  type ActionIconProps,
  type ButtonProps,
  createTheme,
  type InputWrapperProps,
  type MantineColorsTuple,
  type MenuProps,
  type ModalProps,
  type NotificationProps,
  type TooltipProps,
} from '@mantine/core';

const accent: MantineColorsTuple = [
  '#edf2ff',
  '#dbe4fd',
  '#b6c8fa',
  '#8facf6',
  '#6d93f2',
  '#4a78ea',
  '#2f61e0',
  '#1f4fd8',
  '#1943b8',
  '#133594',
];
/** Dark enough for white words on it. */
const red: MantineColorsTuple = [
  '#fdeaea',
  '#fbd0d1',
  '#f5a5a8',
  '#ee777b',
  '#e2565b',
  '#d63f45',
  '#c9303a',
  '#b8252d',
  '#a81c24',
  '#8c141b',
];
const dark: MantineColorsTuple = [
  '#e9ecf0',
  '#c3cad3',
  '#a2abb7',
  '#7d8794',
  '#3d444d',
  '#2c3138',
  '#20242b',
  '#181b20',
  '#14161a',
  '#0d0f12',
];

const font =
  '"Inter Variable", "SF Pro Text", "Segoe UI Variable Text", "Segoe UI", system-ui, -apple-system, Roboto, "Noto Sans", "DejaVu Sans", sans-serif';

/** A grid of 4 px, one accent, and quiet surfaces. Names components by their types alone: it would load them all. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  colors: { accent, dark, red },
  fontFamily: font,
  fontFamilyMonospace: 'var(--kw-mono)',
  headings: { fontFamily: font, fontWeight: '620' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  defaultRadius: '6px',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { openDelay: 400, fz: 12 } satisfies Partial<TooltipProps> },
    ActionIcon: { defaultProps: { variant: 'subtle' } satisfies Partial<ActionIconProps> },
    Button: { defaultProps: { fw: 550 } satisfies Partial<ButtonProps> },
    // What may be left out says so.
    InputWrapper: { defaultProps: { withAsterisk: false } satisfies Partial<InputWrapperProps> },
    // The placeholder is no child that a menu may have.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } satisfies Partial<MenuProps> },
    Modal: {
      defaultProps: { radius: 8, closeButtonProps: { 'aria-label': 'Close' } } satisfies Partial<ModalProps>,
    },
    Notification: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } satisfies Partial<NotificationProps>,
    },
  },
});
