import { Affix } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { ErrorState, PartialFailure } from './states.tsx';

interface LoadBoundaryProps {
  readonly children: ReactNode;
  readonly instead: ReactNode;
}

/** What broke goes, and nothing around it: most often a part whose code did not come. */
export class LoadBoundary extends Component<LoadBoundaryProps, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    return this.state.isBroken ? this.props.instead : this.props.children;
  }
}

const PAGE_FAILED = 'PAGE_FAILED';
/** A browser asks once for code that does not come, and again only for a page that begins anew. */
const loadAgain = () => location.reload();

/** In place of a page that broke. A new version that was rolled out meanwhile is the usual reason. */
export function PageFailed() {
  const message = 'This page could not be shown. A new version may have been installed: load the page again.';
  return <ErrorState failure={{ code: PAGE_FAILED, message, field: null }} onRetry={loadAgain} />;
}

/** Beside the page, which stays as it is. */
export function PartFailed({ loss }: { readonly loss: string }) {
  const message = `${loss} A new version may have been installed: load the page again.`;
  return (
    <Affix position={{ bottom: 0, left: 0, right: 0 }}>
      <PartialFailure failure={{ code: PAGE_FAILED, message, field: null }} onRetry={loadAgain} />
    </Affix>
  );
}
