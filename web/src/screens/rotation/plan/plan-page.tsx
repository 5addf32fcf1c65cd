import { ChevronLeft } from 'lucide-react';
import { Link, useNavigate } from 'react-router';
import { useTenantSearch } from '../../../app/tenant.ts';
import { PageHead } from '../../../components/page-head.tsx';
import { usePageTitle } from '../../../components/page-title.ts';
import { useChosenTarget } from '../../sync/new-sync/chooser.tsx';
import classes from '../../sync/sync.module.css';
import back from '../../sync/way-back.module.css';
import { PlanFlow } from './plan-flow.tsx';

/** Which organizations, which string, when, and what would happen. What is chosen is in the URL; a key never. */
export default function PlanPage() {
  usePageTitle('Plan a rotation');
  const navigate = useNavigate();
  const search = useTenantSearch();
  const { target, chooser } = useChosenTarget();
  return (
    <>
      <Link to={`/rotation/planned${search}`} className={back.back}>
        <ChevronLeft size={14} aria-hidden />
        Planned rotations
      </Link>
      <PageHead title="Plan a rotation" />
      <div className={classes.body} style={{ maxWidth: 760 }}>
        <div className={classes.card}>
          <PlanFlow target={target} chooser={chooser} onClose={() => void navigate(`/rotation/planned${search}`)} />
        </div>
      </div>
    </>
  );
}
