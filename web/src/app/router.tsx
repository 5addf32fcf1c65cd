import { Compass } from 'lucide-react';
import { type ComponentType, Suspense } from 'react';
import { createBrowserRouter, isRouteErrorResponse, Navigate, useRouteError } from 'react-router';
import { PageFailed } from '../components/load-boundary.tsx';
import { EmptyState, PageSkeleton } from '../components/states.tsx';
import { useViewer } from '../session/viewer.ts';
import { NotOffered } from './not-offered.tsx';
import { usePage } from './page.ts';
import { homeOf, isOffered, screens } from './registry.ts';
import type { Screen } from './screen.ts';
import { Shell } from './shell.tsx';

const pages = new Map<Screen['load'], ComponentType>();

/** Addresses that load the same are one page: what is on it stays on the way from one to the other, and so does the focus. */
function page(screen: Screen): ComponentType {
  const made = pages.get(screen.load) ?? guarded(screen);
  pages.set(screen.load, made);
  return made;
}

function guarded(screen: Screen): ComponentType {
  return function Guarded() {
    const viewer = useViewer();
    const Page = usePage(screen.load);
    if (!isOffered(viewer, screen)) return <NotOffered screen={screen} />;
    return <Suspense fallback={<PageSkeleton />}>{Page === null ? <PageSkeleton /> : <Page />}</Suspense>;
  };
}

function Home() {
  return <Navigate to={homeOf(useViewer())} replace />;
}

function NotFound() {
  return (
    <EmptyState icon={Compass} title="There is nothing here">
      The address may be mistyped, or what was here is gone or out of your sight.
    </EmptyState>
  );
}

/** A part of the page that broke. */
function Broken() {
  const error = useRouteError();
  return isRouteErrorResponse(error) && error.status === 404 ? <NotFound /> : <PageFailed />;
}

export const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <Broken />,
    children: [
      {
        errorElement: <Broken />,
        children: [
          { index: true, element: <Home /> },
          ...screens.map((screen) => ({ path: screen.path, Component: page(screen) })),
          { path: '*', element: <NotFound /> },
        ],
      },
    ],
  },
]);
