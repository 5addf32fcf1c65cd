import '@mantine/notifications/styles.css';
import { Notifications } from '@mantine/notifications';

/** Where messages are shown; those that came before it was there wait for it. */
export default function ToastList() {
  return <Notifications position="bottom-right" limit={4} />;
}
