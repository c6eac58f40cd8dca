"""Tell a reader who runs a cell too early what to run first.

IPython runs this file when a kernel starts; `install.py` puts it where IPython looks.
"""


def _install():
    import sys

    shell = get_ipython()  # noqa: F821 - IPython's own name

    def explain(shell, kind, error, trace, tb_offset=None):
        """Show one sentence while nothing has been run, and the error with a hint afterward."""
        name = getattr(error, "name", None)
        if kind is NameError and "explorers" not in sys.modules:
            shown = [
                f"“{name}” is made in an earlier cell: run the first cell of this chapter, and then "
                "the others in their order. All at once: Run ▸ Run All Cells."
            ]
        else:
            shown = shell.InteractiveTB.structured_traceback(
                kind, error, trace, tb_offset=tb_offset
            )
            if kind is NameError:
                shown += [
                    f"\nIf an earlier cell makes “{name}”, run that one first: "
                    "Run ▸ Run All Above Selected Cell."
                ]
            elif name in ("explorers", "figures", "migrationlab"):
                shown = [
                    f"The folder “{name}” is not beside this notebook. A chapter runs in the folder "
                    "“book”, with the folder “data” beside it: take the ZIP from the chapter's page."
                ]
        # IPython leaves the showing to whoever explains.
        shell._showtraceback(kind, error, shown)
        return shown

    shell.set_custom_exc((NameError, ModuleNotFoundError), explain)


_install()
del _install
