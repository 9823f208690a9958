"""Varig lønnstilskudd and VTA-O: rules of tax and benefits, the printed tables by these rules, and their audit."""
