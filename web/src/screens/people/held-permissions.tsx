import classes from './people.module.css';
import { permissionInWords } from './permission-words.ts';

/** What somebody or something may do, each with its meaning on hover. */
export function HeldPermissions({ permissions }: { readonly permissions: readonly string[] }) {
  return (
    <ul className={classes.held} aria-label="Permissions">
      {permissions.map((permission) => (
        <li key={permission} title={permissionInWords(permission)}>
          {permission}
        </li>
      ))}
    </ul>
  );
}
