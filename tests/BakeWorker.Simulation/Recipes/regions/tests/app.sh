#!/bin/sh
echo stands for a test: what it does is scripted
